"""
Names for clusters
==================

The same clusters are named three times: by the words of their texts, by the embeddings of names
that they may have, and by a function that is shown what is typical of a cluster.

python examples/name_clusters.py
"""

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline

from sklearn_turtle import TurtleClustering
from sklearn_turtle.exploration import cluster_keywords, name_clusters

SUBJECTS = {
    "refund": ["my refund has not arrived", "when is the refund paid", "I want a refund"],
    "delivery": ["the delivery is late", "where is my parcel", "delivery of the parcel failed"],
    "password": ["I forgot my password", "reset my password please", "the login password is wrong"],
}
ENDINGS = ["", "please help", "again", "since monday", "can you check", "thanks"]
texts = [
    f"{text} {ending}" for of_one in SUBJECTS.values() for text in of_one for ending in ENDINGS
]

# %%
# A sentence encoder would make better features; this one comes with scikit-learn.
encoder = make_pipeline(TfidfVectorizer(stop_words="english"), TruncatedSVD(8, random_state=0)).fit(
    texts
)
X = encoder.transform(texts)
turtle = TurtleClustering(n_clusters=3, random_state=0).fit(X)

# %%
# Words that tell the clusters apart make names of their own.
found = name_clusters(turtle, X, texts=texts)
print("by keywords:", found.names)

# %%
# Names that are given are matched one to one; there may be more of them than clusters.
classes = ["password lost", "refund", "delivery of a parcel", "check"]
found = name_clusters(turtle, X, class_embeddings=encoder.transform(classes), classes=classes)
for name, score in zip(found.names, found.scores, strict=True):
    print(f"by embeddings: {name} ({score:.2f})")


# %%
# A language model would be asked here.
def ask(representatives, keywords):
    return f"{keywords[0]}, as in: {representatives[0].strip()!r}"


found = name_clusters(turtle, X, texts=texts, namer=ask, n_representatives=3, n_keywords=5)
print("by asking:", found.names)

# %%
# The words themselves, with their weights.
for of_cluster in cluster_keywords(turtle.labels_, texts, 3):
    print([f"{word} {weight:.2f}" for word, weight in of_cluster])
print("texts a cluster:", np.bincount(turtle.labels_))
