/*
 * A path of a Unix socket holds 107 bytes: where DIR/socket/.s.PGSQL.5432 is
 * longer, DIR/socket is a link to a private directory below /tmp.
 *
 * The lock is a POSIX record lock: it is not inherited by the children, it is
 * gone with the process however that dies, and it tells who holds it.
 */
#include "service/cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/err.h"
#include "core/log.h"
#include "service/cluster_files.h"

#define OLDEST_MAJOR 15
#define SOCKET_NAME "/.s.PGSQL." CLUSTER_PORT
#define LOG_KEPT (16L * 1024 * 1024)

struct cluster {
	char data[PATH_MAX / 2];
	char pg[PATH_MAX];
	char log[PATH_MAX];
	char socket[PATH_MAX];
	char bin[PATH_MAX];
	int lock_fd;
};

struct cluster *cluster_new(const char *data)
{
	struct cluster *c = calloc(1, sizeof(*c));

	if (c == NULL)
		abort();
	c->lock_fd = -1;
	snprintf(c->data, sizeof(c->data), "%s", data);
	snprintf(c->pg, sizeof(c->pg), "%s/pg", c->data);
	snprintf(c->log, sizeof(c->log), "%s/postgresql.log", c->data);
	return c;
}

void cluster_free(struct cluster *cluster)
{
	if (cluster == NULL)
		return;
	if (cluster->lock_fd >= 0)
		close(cluster->lock_fd);
	free(cluster);
}

const char *cluster_socket(const struct cluster *cluster)
{
	return cluster->socket;
}

int cluster_lock(struct cluster *cluster, pid_t *reterr_holder)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/lock", cluster->data);
	cluster->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (cluster->lock_fd >= 0 && fcntl(cluster->lock_fd, F_SETLK, &lock) == 0)
		return 0;
	*reterr_holder = 0;
	if (cluster->lock_fd >= 0 && fcntl(cluster->lock_fd, F_GETLK, &lock) == 0)
		*reterr_holder = lock.l_pid;
	return ERR_CONFLICT;
}

/* The programs of the newest PostgreSQL that is new enough. */
static int find_programs(struct cluster *c)
{
	int best = 0;
	glob_t found;

	if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) != 0)
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		int major = (int)strtol(path + strlen("/usr/lib/postgresql/"), NULL, 10);

		if (major < OLDEST_MAJOR || major <= best)
			continue;
		best = major;
		snprintf(c->bin, sizeof(c->bin), "%.*s", (int)(strrchr(path, '/') - path), path);
	}
	globfree(&found);
	return best > 0 ? 0 : ERR_NOT_FOUND;
}

/* In a child just forked: nothing of the parent's signal handling, output to the log, then exec. */
_Noreturn static void exec_program(const struct cluster *c, const char *program, char **argv)
{
	char path[PATH_MAX + 32];
	sigset_t none;
	int log = open(c->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	int null = open("/dev/null", O_RDONLY);

	if (log >= 0 && null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
	}
	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* By its whole path: PostgreSQL's programs look for each other beside argv[0]. */
	snprintf(path, sizeof(path), "%s/%s", c->bin, program);
	argv[0] = path;
	execv(path, argv);
	_exit(127);
}

/* Run a program to its end. True when it succeeded. */
static bool run(const struct cluster *c, const char *program, char **argv)
{
	pid_t parent = getpid();
	pid_t child = fork();
	int status;

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			exec_program(c, program, argv);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return false;
	}
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* What a start that was killed midway left. */
static void remove_tree(const char *path)
{
	pid_t child = fork();

	if (child == 0) {
		execl("/bin/rm", "rm", "-rf", "--", path, (char *)NULL);
		_exit(127);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

/* Make the cluster beside its place and move it there: a half-made one is never used. */
static int make_cluster(struct cluster *c)
{
	char fresh[PATH_MAX + 8];
	char *argv[] = { "initdb",
			 "--pgdata",
			 fresh,
			 "--username=postgres",
			 "--auth=peer",
			 "--encoding=UTF8",
			 "--locale=C.UTF-8",
			 "--data-checksums",
			 "--no-instructions",
			 NULL };

	if (access(c->pg, F_OK) == 0)
		return 0;
	log_info("making the database cluster", LOG_TEXT("directory", c->pg));
	snprintf(fresh, sizeof(fresh), "%s.new", c->pg);
	remove_tree(fresh);
	if (!run(c, "initdb", argv) || rename(fresh, c->pg) != 0)
		return ERR_INTERNAL;
	return 0;
}

static bool is_private_directory(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
	       (status.st_mode & 077) == 0;
}

/* Where the link DIR/socket points, if that is still ours; else a new directory it points to. */
static int short_socket(struct cluster *c, const char *link)
{
	char made[] = "/tmp/yaoku-XXXXXX";
	ssize_t length = readlink(link, c->socket, sizeof(c->socket) - 1);

	c->socket[length > 0 ? length : 0] = '\0';
	if (length > 0 && is_private_directory(c->socket))
		return 0;
	unlink(link);
	if (mkdtemp(made) == NULL || symlink(made, link) != 0)
		return ERR_INTERNAL;
	snprintf(c->socket, sizeof(c->socket), "%s", made);
	return 0;
}

static int make_socket_directory(struct cluster *c)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/socket", c->data);
	if (strlen(path) + sizeof(SOCKET_NAME) > sizeof(((struct sockaddr_un *)0)->sun_path))
		return short_socket(c, path);
	snprintf(c->socket, sizeof(c->socket), "%s", path);
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return ERR_INTERNAL;
	return 0;
}

/* Lines of postmaster.pid: process, data directory, start, port, socket directory, … */
static bool read_pid_file(const char *pg, pid_t *ret_pid, char *ret_socket, size_t size)
{
	char path[PATH_MAX + 32], line[PATH_MAX];
	FILE *in;
	int number;

	snprintf(path, sizeof(path), "%s/postmaster.pid", pg);
	in = fopen(path, "re");
	if (in == NULL)
		return false;
	*ret_pid = 0;
	ret_socket[0] = '\0';
	for (number = 1; number <= 5 && fgets(line, sizeof(line), in) != NULL; number++) {
		line[strcspn(line, "\n")] = '\0';
		if (number == 1)
			*ret_pid = (pid_t)strtol(line, NULL, 10);
		else if (number == 5)
			snprintf(ret_socket, size, "%s", line);
	}
	fclose(in);
	return *ret_pid > 1;
}

/* A postmaster works in its data directory; any other process with that number is a stranger. */
static bool is_postmaster(pid_t pid, const char *pg)
{
	char link[64], there[PATH_MAX], real[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
	length = readlink(link, there, sizeof(there) - 1);
	if (length <= 0 || realpath(pg, real) == NULL)
		return false;
	there[length] = '\0';
	return strcmp(there, real) == 0;
}

int cluster_running_socket(const char *data, char *ret_socket, size_t size)
{
	char pg[PATH_MAX];
	pid_t pid;

	snprintf(pg, sizeof(pg), "%s/pg", data);
	return read_pid_file(pg, &pid, ret_socket, size) && ret_socket[0] != '\0' ? 0 :
										    ERR_NOT_FOUND;
}

static bool gone_after(pid_t pid, const char *pg, int signal_number, int seconds)
{
	kill(pid, signal_number);
	for (int tenths = seconds * 10; tenths > 0; tenths--) {
		if (!is_postmaster(pid, pg))
			return true;
		usleep(100000);
	}
	return false;
}

/*
 * The lock is ours, so a postmaster that still runs lost its parent: end it,
 * each time less gently.
 */
static int end_orphan(struct cluster *c)
{
	char socket[PATH_MAX];
	pid_t pid;

	if (!read_pid_file(c->pg, &pid, socket, sizeof(socket)) || !is_postmaster(pid, c->pg))
		return 0;
	log_info("ending PostgreSQL of a killed service", LOG_INT("pid", pid));
	return gone_after(pid, c->pg, SIGINT, 20) || gone_after(pid, c->pg, SIGQUIT, 10) ?
		       0 :
		       ERR_INTERNAL;
}

/*
 * Nothing runs here now. PostgreSQL believes a lock file whose number is that of
 * any process of this user, also of a stranger's or of one that is dead and not
 * reaped, so what a crash left is removed.
 */
static void remove_stale_locks(const struct cluster *c)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/postmaster.pid", c->pg);
	unlink(path);
	snprintf(path, sizeof(path), "%s" SOCKET_NAME ".lock", c->socket);
	unlink(path);
}

/* lz4 where this PostgreSQL was built with it. */
static const char *choose_compression(struct cluster *c)
{
	char *argv[] = { "postgres",        "-D", c->pg, "-c", "wal_compression=lz4", "-C",
			 "wal_compression", NULL };

	return run(c, "postgres", argv) ? "lz4" : "pglz";
}

static void shorten_log(const struct cluster *c)
{
	struct stat status;

	if (stat(c->log, &status) == 0 && status.st_size > LOG_KEPT)
		(void)!truncate(c->log, 0);
}

int cluster_prepare(struct cluster *c, char *reterr_text, size_t size)
{
	int err = find_programs(c);

	if (err != 0) {
		snprintf(reterr_text, size,
			 "PostgreSQL %d or later is not installed: apt-get install postgresql-15",
			 OLDEST_MAJOR);
		return err;
	}
	shorten_log(c);
	err = make_cluster(c);
	if (err == 0)
		err = end_orphan(c);
	if (err == 0)
		err = make_socket_directory(c);
	if (err == 0)
		remove_stale_locks(c);
	if (err == 0)
		err = cluster_files_write(c->pg, c->socket, "off");
	if (err == 0)
		err = cluster_files_write(c->pg, c->socket, choose_compression(c));
	if (err != 0)
		snprintf(reterr_text, size, "the database cluster cannot be made ready; see %.200s",
			 c->log);
	return err;
}

pid_t cluster_spawn(struct cluster *c)
{
	char *argv[] = { "postgres", "-D", c->pg, NULL };
	pid_t parent = getpid();
	pid_t child = fork();

	if (child != 0)
		return child;
	/* Its own session: Ctrl-C on the terminal is for us, and we stop PostgreSQL last. */
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGINT);
	if (getppid() == parent)
		exec_program(c, "postgres", argv);
	_exit(127);
}

void cluster_last_words(const struct cluster *c, char *ret_line, size_t size)
{
	FILE *in = fopen(c->log, "re");
	char line[512];

	ret_line[0] = '\0';
	if (in == NULL)
		return;
	if (fseek(in, -4096, SEEK_END) != 0)
		rewind(in);
	while (fgets(line, sizeof(line), in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strstr(line, "FATAL") != NULL || strstr(line, "PANIC") != NULL)
			snprintf(ret_line, size, "%s", line);
	}
	fclose(in);
}
