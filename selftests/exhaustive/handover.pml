/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a CPU changes hands, for spin: one CPU, and the controller that starts, stops, gives back
 * and takes it, and lets the machine sleep, in any order. Either may stand still at any point for
 * as long as it likes, and each INIT may be lost, or wait at the CPU.
 *
 * The CPU may never touch memory that the controller has cleared or freed since it came, nor run an
 * enclave before Linux has set it up, nor may what a sleep leaves in memory reach a co-kernel.
 *
 * The steps are those of core/hv/start.S, core/hv/main.c and park.c, hv_park (core/hv/trap_stubs.S),
 * controller/hv/boot.c and space.c, controller/life/start.c, stop.c and handover.c. Each
 * macro that scripts/exhaustive defines takes a protection away; then spin has to find a fault.
 */

/* Where the CPU is: in Linux, in its loop of dead CPUs, waiting for a start-up IPI; then ours. */
mtype = { LINUX, DEAD, WAIT, TRAMPOLINE, CLAIM, ENTER, RUN, LEAVE, RELEASE, RETURN, HALT, LATE };
/* enum covirt_cpu_state, as far as anybody asks */
mtype = { OFF, ENTERED, RUNNING, PARKED };

mtype at = LINUX;
mtype state = OFF;
bool arrived;		/* an INIT has, and was not taken yet */
bool holds;		/* INITs: GIF is 0, or VMX root operation */
bool nmi;		/* a doorbell, or one of Linux's own */
bool stop;		/* the command */
bool prepared = true;	/* by Linux, since the machine slept */
byte came;		/* the life of the pages that the CPU uses */
byte life;		/* that the pages have: another one each time they are cleared */
byte save_came, save_life;	/* likewise, of the save area */
bool tables;		/* the page tables, and the stack to park on, are there */
bool low = true;	/* the trampoline is in the low page, until the module goes */

bool claimed;		/* the controller: out of Linux */
bool left;		/* given back, but SMT is off: out of Linux, too */
bool running;		/* a start has succeeded and its end was not noticed, or the CPU is lost */
bool clean = true;	/* it believes that the enclave's memory is */
bool dirty;		/* there is something in it */
bool started;		/* once: for who asks whether it can */

#define touch() assert(life == came)
#define another(x) x = (x + 1) % 4

inline send_init()
{
	if
	:: arrived = true
	:: skip		/* lost */
	fi
}

/* Taken at once or never; an INIT that was sent before has been, by who waits. */
inline send_startup(where)
{
	atomic {
		if
		:: at == WAIT -> arrived = false; at = where
		:: else
		fi
	}
}

active proctype cpu()
{
end:
	do
	/* An INIT, at any instruction. From a guest it exits, and is still there afterwards. */
	:: atomic { arrived && !holds -> arrived = false; at = WAIT }
	:: atomic { arrived && at == RUN -> at = LEAVE }
	:: atomic { nmi ->
		nmi = false;
		if
#ifdef NMI_ON_OLD_STACK
		:: at == HALT -> touch()
#endif
		:: else
		fi }
	:: atomic { at == TRAMPOLINE -> assert(low); assert(tables); at = CLAIM }
#ifdef NO_CLAIM
	:: atomic { at == CLAIM -> came = life; save_came = save_life; state = ENTERED; at = ENTER }
#else
	:: atomic { at == CLAIM ->
		assert(tables);
		if
		:: state == OFF -> came = life; save_came = save_life; state = ENTERED; at = ENTER
		:: else -> at = LATE
		fi }
#endif
	:: atomic { at == ENTER -> touch(); holds = true; state = RUNNING; at = RUN }
	:: atomic { at == RUN -> touch(); assert(prepared); assert(!dirty) }
	:: atomic { at == RUN && stop -> touch(); at = LEAVE }
	:: atomic { at == RUN -> touch(); at = LEAVE }	/* contained */
	:: atomic { at == LEAVE -> touch(); state = PARKED; at = RELEASE }
	/* The processor may have the save area until then. */
#ifdef RELEASE_ON_OLD_STACK
	:: atomic { at == RELEASE -> touch(); holds = false; at = RETURN }
	:: atomic { at == RETURN -> touch(); at = HALT }
#else
	:: atomic { at == RELEASE -> assert(tables); assert(save_life == save_came);
		holds = false; at = HALT }
#endif
	:: atomic { at == HALT || at == LATE -> assert(tables) }
	od
}

/* hv_space_reset_cpu(); in no order but that the state comes last */
inline reset()
{
	another(life);
#ifdef SAVE_AREA_CLEARED
	another(save_life);
#endif
	state = OFF;
}

/* enclave_memory_scrub(), unless it is believed to be clean */
inline scrub()
{
	atomic {
		if
		:: !clean -> dirty = false; clean = true
		:: else
		fi
	}
}

/* hv_boot_cpu() and what enclave_undo_start() makes of its failure */
inline boot()
{
	low = true;
	send_startup(TRAMPOLINE);
	if
	:: state == OFF -> send_startup(TRAMPOLINE)
	:: else
	fi;
	if
	:: state == RUNNING || state == PARKED -> running = true; started = true
	:: skip ->	/* it takes too long */
		send_init();
		atomic {
			if
#ifdef GIVEN_UP_BY_STORE
			:: true -> state = PARKED
#else
			:: state == OFF -> state = PARKED
			:: else -> running = true	/* it came after all, half-way perhaps */
#endif
			fi
		}
	fi;
#ifdef LOW_PAGE_RESTORED
	low = false
#else
	skip
#endif
}

/* add_cpu(): it is Linux's once it answers there, if it does */
inline give_back()
{
	send_init();
	send_startup(LINUX);
	atomic {
		if
		:: at == LINUX -> claimed = false; prepared = true
		:: else
		fi
	}
}

inline take()
{
	atomic { at == LINUX -> at = DEAD; claimed = true }
}

active proctype controller()
{
end:
	do
	:: !claimed ->
		if
		:: !tables -> state = OFF; tables = true
		/* The enclave is destroyed; its pages may stay. */
#ifdef LEFT_WITHOUT_PAGES
		:: tables -> tables = false
#else
		:: tables && !left -> tables = false
		:: left
#endif
		fi
	:: !claimed && !left && tables -> take()
	:: claimed && !running && (state == OFF || state == PARKED) ->
		/* a start */
#ifndef NOT_PREPARED
		if
		:: !prepared ->
			give_back();
			if
			:: !claimed -> take()
			:: else
			fi
		:: else
		fi;
		if
		:: !prepared -> goto refused
		:: else
		fi;
#endif
		scrub();
		stop = false;
		send_init();
		reset();
		boot();
#ifndef NOT_PREPARED
refused:
#endif
		skip
	:: running -> stop = true; nmi = true
	:: running && state == PARKED -> running = false; clean = false
	:: claimed && !running -> give_back()
	:: claimed && !running -> send_init(); left = true; claimed = false
	:: left -> /* SMT is on again */
		give_back();
		atomic {
			if
			:: at == LINUX -> left = false
			:: else
			fi
		}
	:: nmi = true			/* of Linux's own */
	:: atomic { !running ->
		/* A sleep: what is in the enclave's memory afterwards is some other kernel's. */
		dirty = true;
		prepared = !claimed;
		if
		:: claimed || left -> at = WAIT; arrived = false; holds = false
		:: true		/* so light a one that the CPU goes on */
		fi;
#ifndef STILL_CLEAN
		clean = false
#endif
	   }
	od
}

#ifdef CAN_START
ltl never_starts { [] !started }
#endif
#ifdef CAN_COME_LATE
ltl never_late { [] (at != LATE) }
#endif
