"""One collection: its configuration, its tenants, and the shard of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema
from weaviate_orm.local.storage.shard import Shard

__all__ = ["Collection"]


class Collection:
    """A collection of a database. Changed by ``Database.commit`` only.

    Attributes:
        schema: its configuration.
        tenants: ``"HOT"`` or ``"COLD"`` by name; empty without multi-tenancy.
        shard_names: the server-like name of each tenant's shard: the tenant's own, or 12 characters for ``""`` without multi-tenancy.
        readonly: tenants whose shard takes no writes.
    """

    def __init__(self, schema: CollectionSchema, activate: Callable[[str, str], None]) -> None:
        """Make an empty collection.

        Args:
            schema: its configuration.
            activate: notes durably that a tenant (collection, name) became HOT.
        """
        self.schema = schema
        self.tenants: dict[str, str] = {}
        self.shard_names: dict[str, str] = {}
        self.readonly: set[str] = set()
        # Made when first asked for: a collection may have many thousand tenants that hold nothing.
        self._shards: dict[str, Shard] = {}
        self._activate = activate

    def __repr__(self) -> str:
        return f"<Collection {self.schema.name}, {len(self.shard_names)} shards>"

    def shards(self) -> Iterable[tuple[str, Shard]]:
        """Give each tenant with its shard, cold ones too; ``""`` without multi-tenancy."""
        return [(tenant, self.stored(tenant)) for tenant in self.shard_names]

    def shard(self, tenant: str) -> Shard:
        """Give the shard of a tenant that is HOT, or made so when the collection does that by itself.

        Raises:
            Refused: tenancy and request disagree, or the tenant is unknown or COLD.
        """
        name = self.schema.name
        if not self.schema.multi_tenancy:
            if tenant:
                raise Refused(f"class {name} has multi-tenancy disabled, but request was with tenant")
            return self.stored("")
        if not tenant:
            raise Refused(f"class {name} has multi-tenancy enabled, but request was without tenant")
        status = self.tenants.get(tenant)
        if status is None:
            raise Refused(f'tenant not found: "{tenant}"')
        if status != "HOT":
            if not self.schema.auto_tenant_activation:
                raise Refused(f"tenant not active: '{tenant}'")
            # Readers do this too. It adds no key, so that others may go through the mapping meanwhile.
            self._activate(name, tenant)
            self.tenants[tenant] = "HOT"
        return self.stored(tenant)

    def stored(self, tenant: str) -> Shard:
        """Give the shard of a known tenant, whatever its state."""
        shard = self._shards.get(tenant)
        # Two readers may come here at once: both get the one that was first.
        return self._shards.setdefault(tenant, Shard(self.schema)) if shard is None else shard

    # What follows is called by Database.commit only.

    def alter(self, schema: CollectionSchema) -> None:
        """Take another configuration."""
        self.schema = schema
        for shard in self._shards.values():
            shard.alter(schema)

    def put_tenant(self, tenant: str, status: str) -> None:
        """Add a tenant or change its state."""
        self.tenants[tenant] = status
        self.shard_names[tenant] = tenant

    def drop_tenant(self, tenant: str) -> None:
        """Forget a tenant with its objects."""
        self.tenants.pop(tenant, None)
        self.shard_names.pop(tenant, None)
        self.readonly.discard(tenant)
        self._shards.pop(tenant, None)
