/*
 * The file that holds the workstation's key, KEYID.SECRET, as `yaoku key create` printed it.
 */
#ifndef WORKSTATION_KEY_FILE_H
#define WORKSTATION_KEY_FILE_H

#include <stdbool.h>

#define KEY_FILE_MAX 256

/*
 * Read the key. False: *reterr_why says what is wrong and what to do, a constant. A file that others can read is
 * refused: what is in it moves stock.
 */
bool key_file_read(const char *path, char ret_key[KEY_FILE_MAX], const char **reterr_why);

#endif
