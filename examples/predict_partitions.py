"""
Predictions for the partitions of a table
=========================================

A table of embeddings may be too large for one machine. An engine such as Spark, Ray or Dask then
stores it in partitions and calls a function on each. Fit on a sample of the rows, and predict all
of them with ``predict_frame``.
"""

from functools import partial

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits

from sklearn_turtle import TurtleClustering
from sklearn_turtle.distributed import predict_frame

# one column of vectors per space, as in Parquet files and Spark tables
X, _ = load_digits(return_X_y=True)
table = pd.DataFrame({"id": np.arange(len(X)), "upper": list(X[:, :32]), "lower": list(X[:, 32:])})

sample = table.sample(600, random_state=0)
turtle = TurtleClustering(n_clusters=10, random_state=0).fit(
    {name: np.stack(sample[name].tolist()) for name in ("upper", "lower")}
)


# %%
# Spark calls a function with an iterator over frames::
#
#     spark.table("embeddings").mapInPandas(
#         predict_frames, "id long, cluster int, probability float"
#     ).write.saveAsTable("clusters")
#
# The same function works without Spark, on any iterator of frames.
def predict_frames(frames):
    for frame in frames:
        yield predict_frame(turtle, frame)


partitions = (table[start : start + 500] for start in range(0, len(table), 500))
for predicted in predict_frames(partitions):
    n_certain = (predicted["probability"] > 0.9).sum()
    print(f"{len(predicted)} rows, {n_certain} with a probability above 0.9")

# %%
# Ray Data and Dask call a function with one frame::
#
#     ray.data.read_parquet("embeddings/").map_batches(
#         partial(predict_frame, turtle), batch_format="pandas"
#     ).write_parquet("clusters/")
#
#     predict = partial(predict_frame, turtle)
#     dask.dataframe.read_parquet("embeddings/").map_partitions(predict, meta=...)
#
# ``meta`` is the result of the function for no rows:
predict = partial(predict_frame, turtle)
print(predict(table[:0]).dtypes)
