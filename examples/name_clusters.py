"""
Names for clusters
==================

Name the same clusters in three ways: by keywords of their texts, by the embeddings of given names,
and by a function that gets typical texts of each cluster.

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
texts = [f"{text} {ending}" for group in SUBJECTS.values() for text in group for ending in ENDINGS]

# %%
# A sentence encoder would make better features; this one is part of scikit-learn.
encoder = make_pipeline(TfidfVectorizer(stop_words="english"), TruncatedSVD(8, random_state=0)).fit(
    texts
)
X = encoder.transform(texts)
turtle = TurtleClustering(n_clusters=3, random_state=0).fit(X)

# %%
# By keywords that distinguish the clusters.
found = name_clusters(turtle, X, texts=texts)
print("by keywords:", found.names)

# %%
# By given names, matched one to one. There may be more names than clusters.
classes = ["password lost", "refund", "delivery of a parcel", "check"]
found = name_clusters(turtle, X, class_embeddings=encoder.transform(classes), classes=classes)
for name, score in zip(found.names, found.scores, strict=True):
    print(f"by embeddings: {name} ({score:.2f})")


# %%
# By a function, which might call a language model.
def make_name(representatives, keywords):
    return f"{keywords[0]}, as in: {representatives[0].strip()!r}"


found = name_clusters(turtle, X, texts=texts, namer=make_name, n_representatives=3, n_keywords=5)
print("by a function:", found.names)

# %%
# The keywords themselves, with their weights.
for keywords in cluster_keywords(turtle.labels_, texts, 3):
    print([f"{word} {weight:.2f}" for word, weight in keywords])
print("texts per cluster:", np.bincount(turtle.labels_))
