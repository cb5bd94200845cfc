"""Runs a program in a pseudo-terminal and measures it: bytes, CPU, memory, and the time until something is shown."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time


class Terminal:
    """A program in a pseudo-terminal of a given size; its output is read and thrown away but for the last bytes."""

    def __init__(self, command, columns=160, rows=48, environment=None):
        self.start = time.monotonic()
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ.update(environment or {})
            os.environ["TERM"] = "xterm-256color"
            os.execvp(command[0], command)
        # What the terminal itself echoes before the program takes it over must not count as shown.
        modes = termios.tcgetattr(self.descriptor)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(self.descriptor, termios.TCSANOW, modes)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.byte_count = 0
        self.recent = b""

    def read_until(self, text, seconds):
        """Reads until the text was shown; the seconds since the call, or None."""
        begin = time.monotonic()
        self.recent = b""
        while (left := begin + seconds - time.monotonic()) > 0:
            ready, _, _ = select.select([self.descriptor], [], [], left)
            if not ready:
                break
            try:
                chunk = os.read(self.descriptor, 65536)
            except OSError:
                break
            self.byte_count += len(chunk)
            self.recent = (self.recent + chunk)[-262144:]
            if text.encode() in self.recent:
                return time.monotonic() - begin
        return None

    def rest(self, seconds):
        """Reads what comes for so long."""
        self.read_until("\x00never\x00", seconds)

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def cpu(self):
        """CPU seconds used so far, all threads."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def status(self, key):
        """A figure of /proc/PID/status, as "VmRSS" in kB."""
        with open(f"/proc/{self.pid}/status") as file:
            for line in file:
                if line.startswith(key + ":"):
                    return int(line.split()[1])
        return 0

    def wakeups(self, seconds):
        """How often the program's threads were woken in so long."""
        before = self.switches()
        self.rest(seconds)
        return sum(count - before.get(task, 0) for task, count in self.switches().items())

    def switches(self):
        """The context switches of each thread so far."""
        counts = {}
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/status") as file:
                counts[task] = sum(int(line.split()[1]) for line in file if "ctxt_switches" in line)
        return counts

    def close(self):
        try:
            os.kill(self.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            self.rest(0.05)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.descriptor)
