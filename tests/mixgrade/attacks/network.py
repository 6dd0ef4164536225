# %% [markdown]
# A cell opens sockets, to the world and to this machine.
#
# earns: 8
# incident: denied

# %% own="first"
import socket

for family, address in __ADDRESSES__:
    address = tuple(address) if isinstance(address, list) else address
    try:
        with socket.socket(family, socket.SOCK_STREAM) as made:
            made.settimeout(0.5)
            made.connect(address)
            made.sendall(b"here I am")
            print("CONNECTED", address)
    except OSError as error:
        print(error)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
    made.sendto(b"here I am", ("192.0.2.1", 53))
