"""OpenMetrics text, read as strictly as a monitoring system may: names, types, units, labels, end."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SUFFIX = {"counter": "_total", "gauge": "", "info": "_info"}
HEAD = re.compile(rf"# (?P<kind>TYPE|UNIT|HELP) (?P<name>{NAME}) (?P<rest>.*)")
SAMPLE = re.compile(rf"(?P<name>{NAME})(?:\{{(?P<labels>.+)\}})? (?P<value>\d+(?:\.\d+)?)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def _unescaped(text):
    return re.sub(r'\\(.)', lambda match: "\n" if match[1] == "n" else match[1], text)


def _labels(text):
    found, at = {}, 0
    while at < len(text or ""):
        match = LABEL.match(text, at)
        assert match and match[1] not in found, text
        found[match[1]] = _unescaped(match[2])
        at = match.end()
    return found


class Metrics:
    """of("hupd_app_requests_total", app="web"): the one sample that has these labels."""

    def __init__(self, text):
        assert text.endswith("# EOF\n"), text[-80:]
        self.families, self.samples = {}, {}
        for line in text.splitlines()[:-1]:
            head = HEAD.fullmatch(line)
            if head:
                self._take_head(**head.groupdict())
            else:
                self._take_sample(line)

    def _take_head(self, kind, name, rest):
        if kind == "TYPE":
            assert name not in self.families and rest in SUFFIX, name
            self._family = name
            self.families[name] = {}
        assert name == self._family and kind not in self.families[name], (kind, name)
        assert kind != "UNIT" or name.endswith("_" + rest), name
        self.families[name][kind] = rest

    def _take_sample(self, line):
        match = SAMPLE.fullmatch(line)
        assert match, line
        assert match["name"] == self._family + SUFFIX[self.families[self._family]["TYPE"]], line
        key = (match["name"], tuple(sorted(_labels(match["labels"]).items())))
        assert key not in self.samples, line
        self.samples[key] = float(match["value"])

    def all(self, name, **labels):
        return {key: value for key, value in self.samples.items()
                if key[0] == name and labels.items() <= dict(key[1]).items()}

    def of(self, name, **labels):
        (value,) = self.all(name, **labels).values()
        return value

    def counters(self, beginning):
        return {key: value for key, value in self.samples.items()
                if key[0].startswith(beginning) and key[0].endswith("_total")}
