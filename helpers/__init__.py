"""The shared module of the X-ray image processing course: one file per notebook."""
