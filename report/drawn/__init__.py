"""From a study to the figures of its report as text: drawn in this process, and in others beside it."""
