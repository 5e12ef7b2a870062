"""The outer loop (Algorithm 1): settings, progress, state and stopping."""
