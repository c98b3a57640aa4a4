"""The stored experiments of unit 07: complete, consistent in themselves, and what their scripts make."""

import csv
import dataclasses
import importlib.util
import json
import os
from collections import Counter
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest

pytest.importorskip("keras")

ROOT = Path(__file__).resolve().parents[1]


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


case_study, table_models = script("case_study"), script("table_models")
STORED = json.loads(case_study.TARGET.read_text())
RUNS = STORED["runs"]
FIELDS = [field.name for field in dataclasses.fields(case_study.CNNConfig)]


def lecture_cell(name):
    cells = json.loads((ROOT / "notebooks" / "07-cnn-case-study.ipynb").read_text())["cells"]
    return next("".join(cell["source"]) for cell in cells if cell["id"] == name)


def test_every_configuration_from_every_start():
    wanted = case_study.configurations()
    assert len(wanted) >= 24
    assert [(run["name"], run["seed"]) for run in RUNS] == [(n, s) for n in wanted for s in case_study.SEEDS]
    for run in RUNS:
        config = json.loads(json.dumps(dataclasses.asdict(wanted[run["name"]])))
        assert {field: run[field] for field in FIELDS} == config


def test_every_choice_of_the_lecture_is_changed():
    default = json.loads(json.dumps(dataclasses.asdict(case_study.CNNConfig())))
    assert all(any(run[field] != default[field] for run in RUNS) for field in FIELDS)
    # One change at a time, but for the combinations at the end.
    changes = Counter(sum(run[field] != default[field] for field in FIELDS) for run in RUNS)
    assert changes[0] == len(case_study.SEEDS) and changes[1] > 20 * len(case_study.SEEDS)


def test_the_images_are_those_of_today():
    assert STORED["images"] == case_study.images()[1], "the stand-in has changed: run scripts/case_study.py"


@pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run['name']}, seed {run['seed']}")
def test_numbers_of_one_run_agree(run):
    confusion, curve = np.array(run["confusion"]), run["curve"]
    assert confusion.shape == (10, 10) and confusion.min() >= 0 and confusion.sum() == case_study.VALIDATION
    assert run["val_accuracy"] == pytest.approx(np.trace(confusion) / confusion.sum(), abs=1e-9)
    assert curve["val_accuracy"][-1] == pytest.approx(run["val_accuracy"], abs=1e-4)
    assert {key: len(values) for key, values in curve.items()} == dict.fromkeys(
        ("accuracy", "loss", "val_accuracy", "val_loss"), run["epochs"]
    )
    assert run["seconds"] > 0 and 0 <= run["test_accuracy"] <= 1


def test_rows_of_the_confusion_matrix_are_the_true_classes():
    _, (_, labels), _ = case_study.images()[0]
    for run in RUNS:
        np.testing.assert_array_equal(np.sum(run["confusion"], axis=1), np.bincount(labels, minlength=10))


@pytest.mark.parametrize("name", case_study.configurations())
def test_parameters_by_keras_and_by_the_formulas(name):
    config = case_study.configurations()[name]
    size, channels, total = 28, 1, 0
    for n in config.filters:
        total += (config.kernel_size**2 * channels + 1) * n
        size = (size if config.padding == "same" else size - config.kernel_size + 1) // config.pool_size
        channels = n
    width = size**2 * channels
    for n in (*config.dense_units, 10):
        total += (width + 1) * n
        width = n
    assert case_study.build(config).count_params() == total
    assert {run["parameters"] for run in RUNS if run["name"] == name} == {total}


@pytest.mark.parametrize("name", ["default", "optimizer sgd, learning rate 0.1", "activation tanh"])
def test_the_model_is_what_the_configuration_says(name):
    config = case_study.configurations()[name]
    model = case_study.build(config)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["Conv2D", "MaxPooling2D"] * 2 + ["Flatten", "Dropout", "Dense", "Dense"]
    assert type(model.optimizer).__name__.lower() == config.optimizer
    assert float(model.optimizer.learning_rate) == pytest.approx(config.learning_rate)
    assert [model.layers[k].activation.__name__ for k in (0, 2, 6, 7)] == [config.activation] * 3 + ["softmax"]
    assert model.layers[5].rate == config.dropout


def test_a_short_run_has_the_fields_of_the_stored_ones():
    train, validation, test = ((x[:200], y[:200]) for x, y in case_study.images()[0])
    config = case_study.CNNConfig(filters=(2,), pool_size=7, dense_units=(), epochs=2, learning_rate=0.01)
    row = case_study.run("short", config, 0, train, validation, test)
    assert list(row) == list(RUNS[0])
    assert np.sum(row["confusion"]) == 200 and row["val_accuracy"] == pytest.approx(row["curve"]["val_accuracy"][-1])
    assert json.loads(json.dumps(row))["filters"] == [2]


def test_the_widget_draws_every_configuration():
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    from helpers import data

    names = {"np": np, "plt": plt, "data": data, "study": {}}
    for run in RUNS:
        names["study"].setdefault(run["name"], []).append(run)
    exec(lecture_cell("draw-confusion"), names)
    exec(lecture_cell("widget-draw"), names)
    for name, runs in names["study"].items():
        for start, run in enumerate(runs, 1):
            fig, alt = names["draw"](name, str(start))
            left, right = fig.axes
            assert name in alt and f"{run['val_accuracy']:.3f}" in alt
            np.testing.assert_array_equal(left.lines[-1].get_ydata(), run["curve"]["val_accuracy"])
            assert sum(int(text.get_text()) for text in right.texts) == case_study.VALIDATION
            plt.close(fig)


def test_the_file_is_small():
    assert case_study.TARGET.stat().st_size < 300_000


def table_rows():
    with open(table_models.TARGET, newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_is_complete():
    rows = table_rows()
    wanted = [
        (t, str(d), m) for t in table_models.TABLES for d in range(table_models.DRAWS) for m in table_models.MODELS
    ]
    assert [(row["table"], row["draw"], row["model"]) for row in rows] == wanted
    for row in rows:
        numbers = table_models.TABLES[row["table"]]
        assert (int(row["rows"]), int(row["columns"])) == (numbers["n_samples"], numbers["n_features"])
        assert 0.5 < float(row["accuracy"]) < 1 and float(row["seconds"]) >= 0


@pytest.mark.parametrize("draw", range(table_models.DRAWS))
def test_the_table_has_the_shape_of_the_lecture(draw):
    rows = {(row["table"], row["model"]): float(row["accuracy"]) for row in table_rows() if int(row["draw"]) == draw}
    few, many = "clouds, few", "clouds, many"
    assert rows[few, "logistic regression"] < rows[few, "boosted trees"] - 0.02
    assert abs(rows[few, "boosted trees"] - rows[few, "network, 20 epochs"]) < 0.01
    assert rows[many, "logistic regression"] < rows[many, "boosted trees"] - 0.05
    assert rows[many, "network, 20 epochs"] > rows[many, "boosted trees, 500 rounds"] + 0.02
    assert rows["thresholds", "boosted trees"] > rows["thresholds", "network, 20 epochs"] + 0.01


@pytest.mark.parametrize("table, draw", [("clouds, few", 0), ("thresholds", 1)])
def test_logistic_regression_and_trees_again(table, draw):
    for model in ("logistic regression", "boosted trees"):
        stored = next(float(r["accuracy"]) for r in table_rows()
                      if (r["table"], r["draw"], r["model"]) == (table, str(draw), model))  # fmt: skip
        assert table_models.measure(table, draw, model)[2] == pytest.approx(stored, abs=0.003)
