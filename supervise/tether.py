"""Becomes another program that dies with its parent, if wanted as a user with fewer rights.

Run as a script of its own (`python -I -S tether.py …`), before the program's first instruction:
what a parent does between fork and exec is unsafe in a process with threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(parent: str, death_signal: str, user: str, *command: str) -> None:
    """`user` is `uid:gid`, or `-` to stay who we are."""
    os.umask(0o077)
    if user != "-":
        uid, gid = (int(part) for part in user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After the change of user: the kernel forgets the wish when the credentials change.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != int(parent):
        sys.exit(f"{command[0]}: the supervisor ended before it could start.")
    try:
        os.execvp(command[0], command)  # noqa: S606 - There is no shell here.
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
