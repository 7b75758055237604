// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into a Bochs whose run must be repeatable: it seeds its random numbers
 * (RDRAND's, for one) from the clock, and this keeps them at the first sequence.
 */
void srand(unsigned int seed)
{
	(void)seed;
}
