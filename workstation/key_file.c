#include "workstation/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *fault_of(const struct stat *file)
{
	if (!S_ISREG(file->st_mode))
		return "is not a file";
	if ((file->st_mode & 077) != 0)
		return "can be read by others; type: chmod 600 FILE";
	return NULL;
}

/* One word of printable characters that may stand in a header, the line's end taken off. */
static bool trim(char *key)
{
	size_t length = strcspn(key, "\r\n");

	if (key[length + strspn(key + length, "\r\n")] != '\0')
		return false;
	key[length] = '\0';
	for (const char *p = key; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return false;
	return strchr(key, '.') != NULL;
}

bool key_file_read(const char *path, char ret_key[KEY_FILE_MAX], const char **reterr_why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char key[KEY_FILE_MAX] = "";
	ssize_t count = -1;
	struct stat file;

	*reterr_why = NULL;
	if (fd < 0 || fstat(fd, &file) != 0)
		*reterr_why = strerrordesc_np(errno);
	else
		*reterr_why = fault_of(&file);
	if (*reterr_why == NULL) {
		count = read(fd, key, sizeof(key) - 1);
		if (count < 0 || count == sizeof(key) - 1 || !trim(key))
			*reterr_why = "does not hold one KEYID.SECRET";
	}
	if (fd >= 0)
		close(fd);
	if (*reterr_why != NULL)
		return false;
	memcpy(ret_key, key, sizeof(key));
	return true;
}
