/* SPDX-License-Identifier: GPL-2.0-only */
/* Refusals: what the log tells who asked for something that cannot be done. */
#ifndef COVIRT_CONTROLLER_ENCLAVE_REFUSE_H
#define COVIRT_CONTROLLER_ENCLAVE_REFUSE_H

#include <linux/device.h>

bool enclaves_may_refuse_aloud(void);

/*
 * Refuse a request: one line in the log that says what to do, and the error. Who asked sees it
 * there, or by covirtctl; no console prints lines of this level, and a flood of them is cut off.
 */
#define REFUSAL_LEVEL	KERN_DEBUG

#define enclave_refuse(enclave, err, fmt, ...)						\
	({										\
		if (enclaves_may_refuse_aloud())					\
			dev_printk(REFUSAL_LEVEL, &(enclave)->dev, fmt "\n", ##__VA_ARGS__); \
		(err);									\
	})

/* Not a refusal: something that should have worked has failed. */
#define enclave_fail(enclave, err, fmt, ...) \
	({ dev_err(&(enclave)->dev, fmt "\n", ##__VA_ARGS__); (err); })

/* A refusal where there is no enclave. */
#define pr_refuse(fmt, ...)								\
	({										\
		if (enclaves_may_refuse_aloud())					\
			_printk(REFUSAL_LEVEL pr_fmt(fmt), ##__VA_ARGS__);		\
	})

#endif /* COVIRT_CONTROLLER_ENCLAVE_REFUSE_H */
