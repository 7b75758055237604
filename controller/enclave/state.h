/* SPDX-License-Identifier: GPL-2.0-only */
/* State of an enclave. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_STATE_H
#define COVIRT_CONTROLLER_ENCLAVE_STATE_H

#include <linux/bug.h>
#include <linux/lockdep.h>

#include "controller/enclave/enclave.h"

/* Contracts that execute: what is called with these may count on the enclave staying so. */
#define enclave_assert_idle(enclave)				\
	({							\
		lockdep_assert_held(&(enclave)->lock);		\
		WARN_ON_ONCE(enclave_is_busy(enclave));		\
	})
#define enclave_assert_running(enclave)				\
	({							\
		lockdep_assert_held(&(enclave)->lock);		\
		WARN_ON_ONCE(!enclave_is_running(enclave));	\
	})

const char *enclave_state(const struct enclave *enclave);
void enclave_state_set(struct enclave *enclave, enum enclave_run run);
void enclave_forget_run(struct enclave *enclave);
bool enclave_is_running(const struct enclave *enclave);
bool enclave_is_busy(const struct enclave *enclave);
bool enclave_may_print(const struct enclave *enclave);
void enclaves_starts_hold(bool held);
bool enclaves_starts_held(void);

#endif /* COVIRT_CONTROLLER_ENCLAVE_STATE_H */
