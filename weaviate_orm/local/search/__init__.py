"""The Search call: from the request over the stages of ranking to the reply."""
