# %% [markdown]
# Outputs and errors that a page would run.
#
# earns: 8

# %% own="first"
from IPython.display import HTML, SVG, Javascript, Markdown, display

display(HTML("<script>alert(1)</script>"))
display(Javascript("alert(1)"))
display(SVG(data="<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"))
display(Markdown("<img src=x onerror=alert(1)>"))
display({"image/png": '"><script>alert(1)</script>', "text/latex": "$x$"}, raw=True)
display({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, raw=True)
