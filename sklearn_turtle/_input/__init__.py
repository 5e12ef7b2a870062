"""Read and check the user's input: from any container to named spaces of features.

Every matrix that the user passes is checked once, in :mod:`._matrix`. :mod:`._spaces` collects the
matrices in a ``Spaces``, and :mod:`._read` compares later input with the ``InputSchema`` of the
fit. Matrices too large for memory stay where they are and are read in pieces (:mod:`.lazy`).
"""
