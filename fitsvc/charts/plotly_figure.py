"""The chart model as a Plotly figure for the staff screen: zoom, hover, series on and off."""

from typing import Any

import plotly.graph_objects as go

from fitsvc.charts.model import AgreedLine, ChartLine, ChartModel, ExpectedCourse, MarkKind
from fitsvc.charts.palette import BAND_68, BAND_80, EXPECTED, MEETING
from fitsvc.charts.plotly_layout import ROOM_ABOVE, plotly_layout
from fitsvc.charts.svg import PHONE, SCREEN

WIDE, NARROW = (1000, 430), (350, 370)
"""Sizes in pixels the labels are placed for; the width of the screen decides which layout is taken."""

TRANSPARENT = "rgba(0,0,0,0)"


def plotly_figure(model: ChartModel) -> dict[str, Any]:
    """`{"data": …, "layout": …, "narrow": …}`: plain data for plotly.js, checked by Plotly's own library.

    `narrow` is the layout for small screens. Every trace carries in `meta` which series it belongs to and its part
    (`line`, `missed`, `agreed`, `course`, `marks`), so that the page's script can show and hide it.
    """
    traces = [
        *(
            trace
            for course in model.courses
            for trace in _course(course, visible=course.key == model.selected)
        ),
        *(_agreed(one, visible=one in model.shown_agreed) for one in model.agreed),
        *(trace for line in model.lines for trace in _line(line)),
        *_mark_heads(model),
    ]
    wide = go.Figure(data=traces, layout=plotly_layout(model, *WIDE, SCREEN))
    narrow = go.Figure(layout=plotly_layout(model, *NARROW, PHONE))
    drawn = wide.to_plotly_json()
    return {
        "data": [_plain(trace) for trace in drawn["data"]],
        "layout": _plain(drawn["layout"]),
        "narrow": _plain(narrow.to_plotly_json()["layout"]),
    }


def _plain(value: Any) -> Any:
    """Tuples become lists and empty templates go: nothing but what JSON knows."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if key != "template"}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value


def _course(course: ExpectedCourse, *, visible: bool) -> list[dict[str, Any]]:
    days = [point.on.isoformat() for point in course.points]
    base = {
        "type": "scatter",
        "x": days,
        "mode": "lines",
        "hoverinfo": "skip",
        "showlegend": False,
        "visible": visible,
    }
    edge = {"line": {"width": 0, "color": TRANSPARENT}}
    found = []
    for level, colour in (("80", BAND_80), ("68", BAND_68)):
        lower = [getattr(point, f"lower_{level}") for point in course.points]
        upper = [getattr(point, f"upper_{level}") for point in course.points]
        meta = {"series": course.key, "part": "course", "edge": f"lower_{level}"}
        found.append({**base, **edge, "y": lower, "meta": meta})
        meta = {"series": course.key, "part": "course", "edge": f"upper_{level}"}
        found.append({**base, **edge, "y": upper, "meta": meta, "fill": "tonexty", "fillcolor": colour})
    found.append(
        {
            **base,
            "y": [point.expected for point in course.points],
            "meta": {"series": course.key, "part": "course", "edge": "expected"},
            "name": course.label,
            "line": {"color": EXPECTED, "width": 1.4, "dash": "1px,3px"},
        }
    )
    return found


_HEADS = {
    MarkKind.MEETING_HELD: "triangle-down",
    MarkKind.MEETING_PLANNED: "triangle-down-open",
    MarkKind.EVENT: "diamond",
}


def _mark_heads(model: ChartModel) -> list[dict[str, Any]]:
    """The small shapes on top of the vertical marks; a pointer is told what each stands for."""
    if not model.marks:
        return []
    low, high = model.axis.minimum, model.axis.maximum
    top = low - (high - low) * ROOM_ABOVE if model.axis.is_reversed else high + (high - low) * ROOM_ABOVE
    return [
        {
            "type": "scatter",
            "x": [mark.on.isoformat() for mark in model.marks],
            "y": [top] * len(model.marks),
            "text": [mark.words for mark in model.marks],
            "mode": "markers",
            "hoverinfo": "text",
            "cliponaxis": False,
            "showlegend": False,
            "visible": True,
            "meta": {"series": "", "part": "marks"},
            "marker": {
                "symbol": [_HEADS.get(mark.kind, "square") for mark in model.marks],
                "color": MEETING,
                "size": [9 if mark.kind in _HEADS else 5 for mark in model.marks],
            },
        }
    ]


def _agreed(one: AgreedLine, *, visible: bool) -> dict[str, Any]:
    ends = (one.start, one.end)
    return {
        "type": "scatter",
        "x": [point.on.isoformat() for point in ends],
        "y": [point.value for point in ends],
        "text": [point.words for point in ends],
        "mode": "lines+markers",
        "hoverinfo": "text",
        "name": one.label,
        "meta": {"series": one.key, "part": "agreed"},
        "visible": visible,
        "showlegend": False,
        "cliponaxis": False,
        "line": {"color": one.style.colour, "width": 1.5, "dash": "3px,3px"},
        "marker": {"symbol": "circle-open-dot", "color": one.style.colour, "size": [0.1, 13]},
    }


def _line(line: ChartLine) -> list[dict[str, Any]]:
    days: list[str | None] = []
    values: list[float | None] = []
    words: list[str] = []
    for segment in line.segments:
        if days:  # a point without a value keeps the line broken
            days.append(segment[0].on.isoformat())
            values.append(None)
            words.append("")
        days += [point.on.isoformat() for point in segment]
        values += [point.value for point in segment]
        words += [point.words for point in segment]
    symbol = line.style.marker.value + ("-open" if line.style.is_hollow else "")
    found: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": days,
            "y": values,
            "text": words,
            "name": line.label,
            "mode": "lines+markers",
            "hoverinfo": "text",
            "connectgaps": False,
            "cliponaxis": False,
            "showlegend": False,
            "visible": line.is_shown,
            "meta": {"series": line.key, "part": "line"},
            "line": {
                "color": line.style.colour,
                "width": line.style.width,
                "dash": line.style.dash or "solid",
            },
            "marker": {"symbol": symbol, "color": line.style.colour, "size": 9},
        }
    ]
    if line.missed:
        found.append(
            {
                "type": "scatter",
                "x": [point.on.isoformat() for point in line.missed],
                "y": [point.value for point in line.missed],
                "text": [point.words for point in line.missed],
                "name": line.label,
                "mode": "markers",
                "hoverinfo": "text",
                "cliponaxis": False,
                "showlegend": False,
                "visible": line.is_shown,
                "meta": {"series": line.key, "part": "missed"},
                "marker": {
                    "symbol": "x-thin-open",
                    "color": line.style.colour,
                    "size": 8,
                    "line": {"width": 2, "color": line.style.colour},
                },
            }
        )
    return found
