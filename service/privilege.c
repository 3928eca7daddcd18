#include "service/privilege.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/err.h"
#include "core/log.h"

/* Make the directory and those above it; new ones are private. True when the last one is new. */
static bool make_directories(const char *path, bool *ret_ok)
{
	char part[PATH_MAX];
	size_t length = strlen(path);
	bool made = false;

	*ret_ok = length < sizeof(part);
	for (size_t i = 1; *ret_ok && i <= length; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		made = mkdir(part, i == length ? 0700 : 0755) == 0;
		*ret_ok = made || errno == EEXIST || errno == EROFS || errno == EACCES;
	}
	return made;
}

static bool is_empty(const char *path)
{
	DIR *directory = opendir(path);
	int entries = 0;

	if (directory == NULL)
		return false;
	while (entries < 3 && readdir(directory) != NULL)
		entries++;
	closedir(directory);
	return entries == 2;
}

/* The owner of the path or of its nearest parent that exists. */
static uid_t owner_of(const char *path)
{
	char part[PATH_MAX];
	struct stat status;

	snprintf(part, sizeof(part), "%s", path);
	while (stat(part, &status) != 0) {
		char *slash = strrchr(part, '/');

		if (slash == NULL || slash == part)
			return 0;
		*slash = '\0';
	}
	return status.st_uid;
}

static const struct passwd *choose_user(const char *data)
{
	uid_t owner = data != NULL ? owner_of(data) : 0;
	const struct passwd *user = owner != 0 ? getpwuid(owner) : NULL;

	if (user == NULL && data != NULL)
		user = getpwnam("postgres");
	return user != NULL ? user : getpwnam("nobody");
}

static bool become(const struct passwd *user)
{
	return initgroups(user->pw_name, user->pw_gid) == 0 &&
	       setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == 0 &&
	       setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0 &&
	       setenv("HOME", user->pw_dir, 1) == 0 && setenv("USER", user->pw_name, 1) == 0 &&
	       setenv("LOGNAME", user->pw_name, 1) == 0;
}

static int refuse(const char *data, const char *who, char *reterr_text, size_t size)
{
	snprintf(
		reterr_text, size,
		"user %s cannot work in %s; choose another --data, or give it away: chown -R %s %s",
		who, data, who, data);
	return ERR_FORBIDDEN;
}

static int drop(const char *data, char *reterr_text, size_t size)
{
	const struct passwd *user = choose_user(data);
	bool made, ok = true;

	if (user == NULL) {
		snprintf(reterr_text, size,
			 "this machine has no user `postgres` or `nobody` to run as");
		return ERR_FORBIDDEN;
	}
	made = data != NULL && make_directories(data, &ok);
	if (data != NULL && (made || is_empty(data)))
		ok = ok && chown(data, user->pw_uid, user->pw_gid) == 0;
	if (!ok || !become(user)) {
		snprintf(reterr_text, size, "cannot become user %s in %s: %s", user->pw_name,
			 data != NULL ? data : "/", strerror(errno));
		return ERR_FORBIDDEN;
	}
	log_info("started by root, gave that up", LOG_TEXT("user", user->pw_name));
	return 0;
}

int privilege_settle(const char *data, char *reterr_text, size_t size)
{
	const struct passwd *user;
	bool ok = true;

	if (geteuid() == 0) {
		int err = drop(data, reterr_text, size);

		if (err != 0)
			return err;
	} else if (data != NULL) {
		make_directories(data, &ok);
	}
	user = getpwuid(geteuid());
	if (data != NULL && (!ok || access(data, R_OK | W_OK | X_OK) != 0))
		return refuse(data, user != NULL ? user->pw_name : "?", reterr_text, size);
	return 0;
}
