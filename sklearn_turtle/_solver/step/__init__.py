"""One outer step: task encoder, classifiers, loss and gradient."""
