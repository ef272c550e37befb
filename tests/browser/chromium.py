"""A headless Chromium driven through its debugging pipe: no driver, no network port, no package needed."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

_KEYS = {"ArrowRight": 39, "ArrowLeft": 37, "ArrowUp": 38, "ArrowDown": 40, "Escape": 27, "Tab": 9, " ": 32}
_LIMIT = 30.0


class Chromium:
    """One browser with one page; a context manager that ends the process it started.

    Attributes
    ----------
    requests : list of str
        Addresses that the page asked for.
    complaints : list of str
        Console messages of level warning or error, exceptions, and refusals by the security policy.
    """

    def __init__(
        self, width: int = 1280, height: int = 900, *, dark: bool = False, calm: bool = False
    ) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._next = 0
        self._buffer = b""
        self._profile = tempfile.mkdtemp(prefix="chromium-")
        self._start()
        target = self._send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.resize(width, height)
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"},
        ]
        self.send("Emulation.setEmulatedMedia", features=features)

    def _start(self) -> None:
        assert EXECUTABLE is not None
        from_us, self._write = os.pipe()
        self._read, from_it = os.pipe()
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
        ]
        command = [EXECUTABLE, *options, "--hide-scrollbars", f"--user-data-dir={self._profile}"]

        def place_pipes() -> None:
            # Chromium reads commands from descriptor 3 and writes answers to descriptor 4.
            source, sink = os.dup(from_us), os.dup(from_it)
            os.dup2(source, 3)
            os.dup2(sink, 4)

        self._process = subprocess.Popen(
            [*command, "--remote-debugging-pipe"],
            preexec_fn=place_pipes,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us)
        os.close(from_it)

    def __enter__(self) -> Self:
        """Give the browser."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process and remove its profile."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method of the page's debugging protocol."""
        return self._send(method, self._session, **parameters)

    def open(self, path: Path) -> None:
        """Open a file from disk and wait until it has loaded."""
        self.requests.clear()
        self.complaints.clear()
        self.send("Page.navigate", url=path.resolve().as_uri())
        self.wait_for("document.readyState === 'complete'")

    def run(self, expression: str) -> Any:  # noqa: ANN401 - whatever the page gives
        """Evaluate JavaScript in the page."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def wait_for(self, expression: str, limit: float = _LIMIT) -> None:
        """Wait until an expression is true in the page."""
        end = time.monotonic() + limit
        while not self.run(expression):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.02)

    def press(self, key: str) -> None:
        """Press and release a key where the focus is."""
        described = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": _KEYS[key]}
        text = {"text": " "} if key == " " else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", **described, **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", **described)

    def point(self, x: float, y: float) -> None:
        """Move the pointer to a place of the viewport."""
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def resize(self, width: int, height: int, scale: float = 1) -> None:
        """Set the viewport."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )

    def picture(self, path: Path, clip: dict[str, float] | None = None) -> None:
        """Save what is in the viewport, or a part of the page, as PNG."""
        area = {"clip": {**clip, "scale": 1}, "captureBeyondViewport": True} if clip else {}
        data = self.send("Page.captureScreenshot", format="png", **area)["data"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))

    def place_of(self, selector: str) -> dict[str, float]:
        """Find where an element lies in the page."""
        place: dict[str, float] = self.run(
            f"(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            "return { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height }; })()"
        )
        return place

    def _send(self, method: str, session: str | None = None, **parameters: object) -> dict[str, Any]:
        self._next += 1
        message = {"id": self._next, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._next:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._read, 1 << 16)
            if not chunk:
                raise RuntimeError("Chromium has ended")
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def _note(self, event: dict[str, Any]) -> None:
        parameters = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(parameters["request"]["url"])
            case "Runtime.consoleAPICalled" if parameters["type"] in ("warning", "error", "assert"):
                self.complaints.append(json.dumps(parameters["args"]))
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(parameters["exceptionDetails"]))
            case "Log.entryAdded" if parameters["entry"]["level"] in ("warning", "error"):
                self.complaints.append(parameters["entry"]["text"])
