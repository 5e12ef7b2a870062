"""
Predictions for the partitions of a table
=========================================

A table of embeddings that no machine could hold lies in partitions, and an engine calls a
function with one at a time: ``predict_frame``. Fit on a sample of the rows, predict all of them.
"""

from functools import partial

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.distributed import predict_frame

# a column of vectors a space, as Parquet files and Spark tables have them
X, _ = load_digits(return_X_y=True)
table = pd.DataFrame({"id": np.arange(len(X)), "upper": list(X[:, :32]), "lower": list(X[:, 32:])})

sample = table.sample(600, random_state=0)
turtle = TurtleClustering(n_clusters=10, random_state=0).fit(
    {name: np.stack(sample[name].tolist()) for name in ("upper", "lower")}
)


# %%
# Spark calls a function with an iterator over frames. Without Spark, any iterator of frames does::
#
#     spark.table("embeddings").mapInPandas(
#         predict_frames, "id long, cluster int, probability float"
#     ).write.saveAsTable("clusters")
def predict_frames(frames):
    for frame in frames:
        yield predict_frame(turtle, frame)


partitions = (table[start : start + 500] for start in range(0, len(table), 500))
for predicted in predict_frames(partitions):
    print(f"{len(predicted)} rows, of which {(predicted['probability'] > 0.9).sum()} are certain")

# %%
# Ray Data and Dask call a function with a frame::
#
#     ray.data.read_parquet("embeddings/").map_batches(
#         partial(predict_frame, turtle), batch_format="pandas"
#     ).write_parquet("clusters/")
#
#     predict = partial(predict_frame, turtle)
#     dask.dataframe.read_parquet("embeddings/").map_partitions(predict, meta=...)
#
# where ``meta`` is what the function makes of no rows:
predict = partial(predict_frame, turtle)
print(predict(table[:0]).dtypes)
