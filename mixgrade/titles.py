"""What a check is called where people read it."""

__all__ = ["title_of"]


def title_of(grade_id, function):
    """Return the title of a check.

    Parameters
    ----------
    grade_id : str
        Its name in the notebook.
    function : str
        The function that it belongs to.

    Returns
    -------
    str

    Examples
    --------
    >>> title_of("test_e_step_other_inputs", "e_step")
    'e_step: other inputs'
    >>> title_of("test_e_step", "e_step")
    'e_step'
    """
    rest = grade_id.removeprefix("test_").removeprefix(function).strip("_").replace("_", " ")
    return f"{function}: {rest}" if function and rest else function or grade_id
