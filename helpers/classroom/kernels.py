"""What makes the run of a notebook the same on every machine, whoever starts its kernel."""

import contextlib
import os
import tempfile

STARTS = 4  # a kernel that dies while it starts, as one in many does on a busy machine, is started again


@contextlib.contextmanager
def isolated():
    """While it lasts, kernels see neither the user's settings of IPython nor what would change a lesson's outputs.

    JPY_SESSION_NAME is set by a Jupyter server, and with it a student's progress is kept and shown; MPLBACKEND may
    send pictures elsewhere; threads of the linear algebra would only wait for each other's cores.
    """
    kept = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="ipython-") as settings:
        for name in ("JPY_SESSION_NAME", "MPLBACKEND"):
            os.environ.pop(name, None)
        os.environ["IPYTHONDIR"] = settings
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(kept)
