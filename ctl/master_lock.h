/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * master_lock.h: nobody runs an appliance while its store is replaced.
 */
#ifndef LEASEHOLD_CTL_MASTER_LOCK_H
#define LEASEHOLD_CTL_MASTER_LOCK_H

#include "ctl/command.h"

/* The lock that the master holds for as long as it runs; close *lock to give it back. False after a message. */
bool master_lock_take(int *lock, struct command *command);

#endif
