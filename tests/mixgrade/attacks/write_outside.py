# %% [markdown]
# A cell writes wherever it can.
#
# earns: 8
# incident: denied

# %% own="first"
import os

places = [
    "/",
    "/usr",
    "/usr/lib",
    "/etc",
    "/dev",
    "/course",
    "/course/0",
    "/mixgrade",
    "/sockets",
    "/proc",
]
places += ["/var", "/root", "/home", os.path.dirname(os.__file__), *__FOLDERS__]
for folder in places:
    for act in (
        lambda p: open(p, "w").close(),
        os.mkdir,
        os.mkfifo,
        lambda p: os.symlink("/etc", p),
    ):
        try:
            act(f"{folder}/__NAME__")
            print("WROTE", folder)
        except FileNotFoundError:
            pass
        except OSError as error:
            last = error
raise last
