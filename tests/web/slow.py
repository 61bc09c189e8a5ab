"""A connection that is slow, or that loses answers."""

import time


class Slow:
    """Holds the requests of a kind until they are let go, and counts them."""

    def __init__(self, page, method, path, lose=False):
        self.page, self.held, self.count, self.open = page, [], 0, False
        self.method, self.path, self.lose = method, path, lose
        page.route("**/api/v2/**", self._meet)

    def _meet(self, route):
        request = route.request
        if request.method != self.method or self.path not in request.url:
            route.fallback()
            return
        self.count += 1
        if self.lose:
            route.fetch()
            route.abort()
        elif self.open:
            route.continue_()
        else:
            self.held.append(route)

    def wait(self):
        deadline = time.monotonic() + 10
        while not self.held and time.monotonic() < deadline:
            self.page.evaluate("new Promise((done) => requestAnimationFrame(done))")
        assert self.held

    def let_go(self):
        self.open = True
        for route in self.held:
            route.continue_()
