"""Count the weights of the 26 networks in the lecture's table and store both in helpers/assets/keras_nets.csv.

Each network is built by keras.applications with random weights, so nothing is downloaded. All other columns (size in
MB, accuracies on ImageNet, depth, milliseconds for an image) are the lecture's own; they cannot be had from the
architecture. An empty cell is a dash in the lecture. Takes about a minute and 2 GB of memory.
"""

import csv
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras

from helpers import backbone

TARGET = Path(backbone.__file__).parent / "assets" / "keras_nets.csv"
COLUMNS = ["net", "size_mb", "top1", "top5", "parameters", "depth", "cpu_ms", "gpu_ms"]
TABLE = """
Xception            88  0.790  0.945   22,910,480  126   109.42   8.06
VGG16              528  0.713  0.901  138,357,544   23    69.50   4.16
VGG19              549  0.713  0.900  143,667,240   26    84.75   4.38
ResNet50            98  0.749  0.921   25,636,712    -    58.20   4.55
ResNet101          171  0.764  0.928   44,707,176    -    89.59   5.19
ResNet152          232  0.766  0.931   60,419,944    -   127.43   6.54
ResNet50V2          98  0.760  0.930   25,613,800    -    45.63   4.42
ResNet101V2        171  0.772  0.938   44,675,560    -    72.73   5.43
ResNet152V2        232  0.780  0.942   60,380,648    -   107.50   6.64
InceptionV3         92  0.779  0.937   23,851,784  159    42.25   6.86
InceptionResNetV2  215  0.803  0.953   55,873,736  572   130.19  10.02
MobileNet           16  0.704  0.895    4,253,864   88    22.60   3.44
MobileNetV2         14  0.713  0.901    3,538,984   88    25.90   3.83
DenseNet121         33  0.750  0.923    8,062,504  121    77.14   5.38
DenseNet169         57  0.762  0.932   14,307,880  169    96.40   6.28
DenseNet201         80  0.773  0.936   20,242,984  201   127.24   6.67
NASNetMobile        23  0.744  0.919    5,326,716    -    27.04   6.70
NASNetLarge        343  0.825  0.960   88,949,818    -   344.51  19.96
EfficientNetB0      29      -      -    5,330,571    -    46.00   4.91
EfficientNetB1      31      -      -    7,856,239    -    60.20   5.55
EfficientNetB2      36      -      -    9,177,569    -    80.79   6.50
EfficientNetB3      48      -      -   12,320,535    -   139.97   8.77
EfficientNetB4      75      -      -   19,466,823    -   308.33  15.12
EfficientNetB5     118      -      -   30,562,527    -   579.18  25.29
EfficientNetB6     166      -      -   43,265,143    -   958.12  40.45
EfficientNetB7     256      -      -   66,658,687    -  1578.90  61.62
"""


def rows():
    """The lecture's table with one column more, `counted`: the weights of the network as Keras builds it."""
    for line in TABLE.split("\n"):
        if line:
            row = dict(zip(COLUMNS, line.split(), strict=True))
            row = {name: "" if value == "-" else value.replace(",", "") for name, value in row.items()}
            keras.backend.clear_session()
            network = backbone.load_backbone(row["net"], weights=None, include_top=True)
            yield row | {"counted": str(network.count_params())}


def main():
    table = list(rows())
    with open(TARGET, "w", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS, "counted"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    different = [row["net"] for row in table if row["counted"] != row["parameters"]]
    print(f"{len(table)} networks, {len(table) - len(different)} with the lecture's number of parameters")
    print("different:", ", ".join(different) or "none")


if __name__ == "__main__":
    main()
