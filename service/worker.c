/* The place of the worker: until HTTP is there it only waits for the order to stop. */
#include "service/worker.h"

#include <signal.h>

int worker_run(const struct worker_options *options)
{
	sigset_t stop;
	int got;

	(void)options;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	sigwait(&stop, &got);
	return 0;
}
