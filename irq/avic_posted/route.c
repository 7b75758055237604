// SPDX-License-Identifier: GPL-2.0-only
#include "core/config.h"

static bool is_for(const struct covirt_route *route, u32 self, u64 order)
{
	/* Pairs with the controller's release: what a route says is there before it is. */
	return __atomic_load_n(&route->order, __ATOMIC_ACQUIRE) == order &&
	       READ_ONCE(route->senders) & BIT(self);
}

/**
 * route_find() - the route by which a CPU may send an interrupt
 * @config: its enclave
 * @self:   its slot
 * @order:  from route_order()
 *
 * Return: NULL if there is none.
 */
const struct covirt_route *route_find(const struct covirt_config *config, u32 self, u64 order)
{
	u32 nr = min_t(u32, READ_ONCE(config->nr_routes), COVIRT_MAX_ROUTES);
	const struct covirt_route *route;

	for (route = config->route; route < config->route + nr; route++)
		if (is_for(route, self, order))
			return route;
	return NULL;
}
