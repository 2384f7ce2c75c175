/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: placeholder until the room is filled.
 */
int
main(void)
{
	return 0;
}
