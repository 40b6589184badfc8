"""The layout of the Plotly figure: axes, vertical marks, and labels where the SVG has them."""

from typing import Any

from fitsvc.charts.layout import Frame, fitting_ticks, label_text, place_agreed, place_labels, place_marks
from fitsvc.charts.model import ChartModel
from fitsvc.charts.palette import GRID, INK, INK_SOFT, MEETING
from fitsvc.charts.svg import ABOVE_AGREED, FONT, MARK_DASH, SvgStyle, frame_of

ROOM_ABOVE = 0.02
"""Share of the value axis left free above and below, so that points at the ends are whole."""


def plotly_layout(model: ChartModel, width: int, height: int, style: SvgStyle) -> dict[str, Any]:
    """Labels are placed for a graph of this size in pixels; the height is fixed, the width follows the screen."""
    frame = frame_of(model, width, height, style)
    low, high = model.axis.minimum, model.axis.maximum
    room = (high - low) * ROOM_ABOVE
    span = [low - room, high + room]
    ticks = fitting_ticks(model, frame, size=style.font)
    return {
        "template": "none",
        "height": height,
        "margin": {
            "l": frame.left,
            "r": width - frame.right,
            "t": frame.top,
            "b": height - frame.bottom,
            "pad": 0,
        },
        "font": {"family": FONT, "size": style.font, "color": INK},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "hovermode": "closest",
        "dragmode": "zoom",
        "showlegend": False,
        "xaxis": {
            "type": "date",
            "range": [model.start.isoformat(), model.end.isoformat()],
            "tickvals": [day.isoformat() for day, _label in ticks],
            "ticktext": [label for _day, label in ticks],
            "tickangle": 0,
            "ticks": "outside",
            "showgrid": False,
            "zeroline": False,
            "linecolor": INK_SOFT,
            "showline": True,
            "tickfont": {"color": INK_SOFT},
        },
        "yaxis": {
            "range": span[::-1] if model.axis.is_reversed else span,
            "tickvals": list(model.axis.ticks),
            "gridcolor": GRID,
            "zeroline": False,
            "tickfont": {"color": INK_SOFT},
            "fixedrange": True,
        },
        "shapes": [*_mark_shapes(model), *_level_shapes(model)],
        "annotations": [
            *_end_labels(model, frame, style, width),
            *_ended_labels(model, style),
            *_agreed_labels(model, frame, style),
            *_mark_labels(model, frame, style),
            *_level_labels(model, style),
        ],
    }


def _mark_shapes(model: ChartModel) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "x0": mark.on.isoformat(),
            "x1": mark.on.isoformat(),
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "layer": "below",
            "name": f"mark-{mark.kind.value}",
            "line": {
                "color": MEETING,
                "width": 1.2,
                "dash": MARK_DASH.get(mark.kind, "").replace(",", "px,") + "px"
                if mark.kind in MARK_DASH
                else "solid",
            },
        }
        for mark in model.marks
    ]


def _level_shapes(model: ChartModel) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": level.value,
            "y1": level.value,
            "layer": "below",
            "name": "level",
            "line": {"color": INK_SOFT, "width": 1.2, "dash": "6px,3px"},
        }
        for level in model.levels
    ]


def _words(text: str, **more: Any) -> dict[str, Any]:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return {"text": escaped, "showarrow": False, **more}


def _end_labels(model: ChartModel, frame: Frame, style: SvgStyle, width: int) -> list[dict[str, Any]]:
    """One for every line that may be shown; the page's script moves them apart anew when lines come and go."""
    room = width - frame.right - 12
    places = {
        label.line.key: frame.value(label.y)
        for label in place_labels(model, frame, short=style.short_labels, size=style.font, width=room)
    }
    return [
        _words(
            label_text(line, short=style.short_labels, width=room, size=style.font),
            name=line.key,
            visible=line.is_shown,
            xref="paper",
            x=1,
            xanchor="left",
            xshift=8,
            y=places.get(line.key, line.last.value),
            yanchor="middle",
            font={"color": line.style.colour, "weight": 600},
        )
        for line in model.lines
        if line.is_current and line.last is not None
    ]


def _ended_labels(model: ChartModel, style: SvgStyle) -> list[dict[str, Any]]:
    return [
        _words(
            line.short_label,
            name=line.key,
            visible=line.is_shown,
            x=line.last.on.isoformat(),
            y=line.last.value,
            xanchor="right",
            yanchor="bottom",
            yshift=6,
            font={"color": line.style.colour, "size": style.font * 0.92},
        )
        for line in model.lines
        if not line.is_current and line.last is not None
    ]


def _agreed_labels(model: ChartModel, frame: Frame, style: SvgStyle) -> list[dict[str, Any]]:
    shown = model.shown_agreed
    return [
        _words(
            one.label,
            name=one.key,
            visible=one in shown,
            x=one.end.on.isoformat(),
            y=frame.value(height),
            xanchor="right",
            xshift=4,
            yanchor="middle",
            font={"color": one.style.colour, "size": style.font * 0.92},
        )
        for one, height in place_agreed(model, frame, size=style.font, above=ABOVE_AGREED)
    ]


def _mark_labels(model: ChartModel, frame: Frame, style: SvgStyle) -> list[dict[str, Any]]:
    """The labels that have room; what the others stand for is told by their heads (`plotly_figure`) on hover."""
    labels = place_marks(model, frame, size=style.font * 0.92)
    return [
        _words(
            mark.label,
            name="mark",
            x=mark.on.isoformat(),
            xanchor="center",
            xshift=middle - frame.x(mark.on),
            yref="paper",
            y=1,
            yanchor="bottom",
            yshift=6,
            font={"color": INK_SOFT, "size": style.font * 0.92},
        )
        for mark, middle in labels.items()
    ]


def _level_labels(model: ChartModel, style: SvgStyle) -> list[dict[str, Any]]:
    return [
        _words(
            level.label,
            name="level",
            xref="paper",
            x=0,
            xanchor="left",
            xshift=4,
            y=level.value,
            yanchor="bottom",
            font={"color": INK_SOFT, "size": style.font * 0.92},
        )
        for level in model.levels
    ]
