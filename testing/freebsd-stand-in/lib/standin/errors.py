"""What ends a command with a text and a status, as err(3) does."""


class Failure(Exception):
    """The command says `text` on stderr, behind its own name, and exits."""

    def __init__(self, text, status=1):
        super().__init__(text)
        self.text = text
        self.status = status


class Usage(Exception):
    """The command was called wrongly: what it prints as it stands, and its status."""

    def __init__(self, text, status=1):
        super().__init__(text)
        self.text = text
        self.status = status


class Exit(Exception):
    """The command ends now, and has said what there is to say."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


class KernelError(Exception):
    """What a system call answers: an error number's text, or the text that jail_set(2) has for it."""

    def __init__(self, text, number=None):
        super().__init__(text)
        self.text = text
        self.number = number


ENOENT = "No such file or directory"
EPERM = "Operation not permitted"
EINVAL = "Invalid argument"
EEXIST = "File exists"
ENAMETOOLONG = "File name too long"
EFBIG = "File too large"
EOPNOTSUPP = "Operation not supported"
ESRCH = "No such process"
ERANGE = "Result too large"
ENOTDIR = "Not a directory"
EBUSY = "Device busy"
EDEADLK = "Resource deadlock avoided"
ENODEV = "Operation not supported by device"
EADDRNOTAVAIL = "Can't assign requested address"
ENXIO = "Device not configured"
EPFNOSUPPORT = "Protocol family not supported"
ENETUNREACH = "Network is unreachable"
ENOTCONN = "Socket is not connected"
EADDRINUSE = "Address already in use"
ENOSYS = "Function not implemented"
