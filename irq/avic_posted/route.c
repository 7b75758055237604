// SPDX-License-Identifier: GPL-2.0-only
#include "core/config.h"

static bool is_for(const struct covirt_route *route, u32 self, u64 icr)
{
	/* Pairs with the controller's release: what a route says is there before it is. */
	return __atomic_load_n(&route->icr, __ATOMIC_ACQUIRE) == icr &&
	       READ_ONCE(route->senders) & BIT(self);
}

/**
 * route_find() - the route by which a CPU may send an interrupt
 * @config: its enclave
 * @self:   its index
 * @icr:    from route_icr()
 *
 * Return: NULL if there is none.
 */
const struct covirt_route *route_find(const struct covirt_config *config, u32 self, u64 icr)
{
	u32 nr = min_t(u32, READ_ONCE(config->nr_routes), COVIRT_MAX_ROUTES);
	const struct covirt_route *route;

	for (route = config->route; route < config->route + nr; route++)
		if (is_for(route, self, icr))
			return route;
	return NULL;
}
