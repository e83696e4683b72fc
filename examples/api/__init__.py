"""A web service over typed models: the articles of a news agency's customers, each customer a tenant.

``models.py`` is what is stored, ``shapes.py`` what travels over HTTP, ``repository.py`` the queries, ``problems.py`` what errors become,
and ``application.py`` the service itself. Run it with ``scripts/api``.
"""
