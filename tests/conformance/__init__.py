"""One suite for every place that objects can be stored: what holds of a real server holds of everything that stands in for one."""
