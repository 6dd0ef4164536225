# %% [markdown]
# A cell looks for everything that it must not see.
#
# earns: 8
# prints: nothing there

# %% own="first"
import os

found = []
for folder, folders, files in os.walk("/"):
    folders[:] = [part for part in folders if part not in ("usr", "site-packages", "lib")]
    for name in files:
        path = os.path.join(folder, name)
        if "__NAME__" in name or name in ("gradebook.db", "nbgrader_config.py", "ps2-duality.py"):
            found.append(path)
for path in __PLACES__:
    try:
        found.append(open(path).read())
    except OSError as error:
        print(type(error).__name__)
try:
    import mixcore

    for name in ("duality", "gaussian_mixture", "em"):
        try:
            found.append(getattr(__import__(f"mixcore.{name}"), name))
        except (ImportError, AttributeError) as error:
            print(type(error).__name__)
except ImportError:
    pass
try:
    import mixgrade.engine as found_engine

    found.append(found_engine)
except ImportError as error:
    print(type(error).__name__)
for name, value in os.environ.items():
    print(name, value)
    if "__NAME__" in name:
        found.append(name)
for number in os.listdir("/proc"):
    found.append(number)
print("FOUND", found) if found else print("nothing there")
