"""Mesa's own SolaraViz on the model, for Mesa users: play, step, reset, with matplotlib panels.

Its words are Mesa's, and English: so are those that stand beside them here.
"""

from __future__ import annotations

import solara

from supplysim.model import SupplyChain


class Watched(SupplyChain):
    """The model with what a DataCollector of SolaraViz reads, and a seed that a slider can set."""

    def __init__(self, seed: int = 7, border: float = 0.0) -> None:
        super().__init__("minimal", [f"border={border:g}"] if border else [], rng=int(seed))


@solara.component
def Deliveries(model: Watched) -> None:
    """Draw deliveries and seizures by week."""
    from matplotlib.figure import Figure
    from mesa.visualization.utils import update_counter

    update_counter.get()
    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.subplots()
    weekly = model.weekly() if model.week else None
    if weekly is not None:
        axes.plot(weekly["delivered"].cumsum(), ".-", label="delivered", color="#b4441c")
        axes.plot(weekly["seized"].cumsum(), ".-", label="seized", color="#0b7a6f")
        axes.legend(frameon=False)
    axes.set(xlabel="week", ylabel="chips so far")
    solara.FigureMatplotlib(figure, format="png")


@solara.component
def Firms(model: Watched) -> None:
    """Draw how many intermediaries are in business."""
    from matplotlib.figure import Figure
    from mesa.visualization.utils import update_counter

    update_counter.get()
    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.subplots()
    if model.week:
        axes.plot(model.weekly()["active_intermediaries"], ".-", color="#1667a8")
    axes.set(xlabel="week", ylabel="intermediaries in business")
    solara.FigureMatplotlib(figure, format="png")


@solara.component
def MesaPage() -> None:
    """Show SolaraViz on a small world."""
    from mesa.visualization import SolaraViz

    solara.HTML(
        tag="a", attributes={"href": "info", "style": "padding: 8px 16px"}, unsafe_innerHTML="← Back to supplysim"
    )
    model = solara.use_memo(Watched, dependencies=[])
    params = {
        "seed": {"type": "InputText", "value": 7, "label": "Seed"},
        "border": {
            "type": "SliderFloat",
            "value": 0.0,
            "min": 0.0,
            "max": 1.0,
            "step": 0.05,
            "label": "Border inspections",
        },
    }
    SolaraViz(model, components=[Deliveries, Firms], model_params=params, name="supplysim in Mesa", play_interval=200)
