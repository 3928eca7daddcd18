#include "workstation/record.h"

#include <assert.h>
#include <openssl/sha.h>
#include <string.h>

#define MAGIC "YKJ1"
#define MAGIC_SIZE 4
#define DIGEST_SIZE 16

enum member_kind { MEMBER_ID, MEMBER_4, MEMBER_8, MEMBER_BYTES };

#define ON(type) (1u << (type))
#define STATE ON(RECORD_STATE)
#define SCAN ON(RECORD_SCAN)
#define ANSWER ON(RECORD_ANSWER)
#define VOIDED ON(RECORD_VOID)

/* The members of a payload, in their order; a payload has those of its type. */
static const struct member {
	unsigned types;
	enum member_kind kind;
	size_t offset;
	size_t max; /* of bytes */
} members[] = {
	{ STATE | SCAN | ANSWER | VOIDED, MEMBER_ID, offsetof(struct record, id), 0 },
	{ STATE | SCAN | ANSWER | VOIDED, MEMBER_8, offsetof(struct record, sequence), 0 },
	{ STATE | SCAN | ANSWER | VOIDED, MEMBER_8, offsetof(struct record, at_ms), 0 },
	{ STATE | SCAN, MEMBER_4, offsetof(struct record, pharmacy_id), 0 },
	{ SCAN, MEMBER_4, offsetof(struct record, operator_id), 0 },
	{ STATE | SCAN, MEMBER_4, offsetof(struct record, quantity), 0 },
	{ STATE | SCAN, MEMBER_BYTES, offsetof(struct record, movement), 32 },
	{ STATE, MEMBER_BYTES, offsetof(struct record, started), 32 },
	{ SCAN, MEMBER_BYTES, offsetof(struct record, workstation), 400 },
	{ SCAN, MEMBER_BYTES, offsetof(struct record, code), RECORD_CODE_MAX },
	{ ANSWER, MEMBER_BYTES, offsetof(struct record, outcome), 32 },
	{ ANSWER, MEMBER_BYTES, offsetof(struct record, problem), 64 },
	{ ANSWER, MEMBER_BYTES, offsetof(struct record, detail), 500 },
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

struct bytes bytes_of(const char *string)
{
	return (struct bytes){ string, strlen(string) };
}

bool bytes_are(struct bytes bytes, const char *string)
{
	return bytes.length == strlen(string) &&
	       (bytes.length == 0 || memcmp(bytes.data, string, bytes.length) == 0);
}

static void put_number(struct text *text, uint64_t number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		text_add(text, &(char){ (char)(number >> (8 * i)) }, 1);
}

static uint64_t get_number(const char *data, size_t size)
{
	uint64_t number = 0;

	for (size_t i = size; i-- > 0;)
		number = number << 8 | (uint8_t)data[i];
	return number;
}

static void digest_of(uint64_t place, const char *payload, size_t length,
		      uint8_t ret_digest[SHA256_DIGEST_LENGTH])
{
	struct text hashed = { 0 };

	put_number(&hashed, place, 8);
	put_number(&hashed, length, 4);
	text_add(&hashed, payload, length);
	SHA256((const unsigned char *)hashed.data, hashed.length, ret_digest);
	text_done(&hashed);
}

static void put_bytes(struct text *text, const struct bytes *bytes, size_t max)
{
	size_t length = bytes->length < max ? bytes->length : max;

	put_number(text, length, 2);
	text_add(text, bytes->data, length);
}

static void put_member(struct text *text, const struct member *member, const struct record *record)
{
	const void *from = (const char *)record + member->offset;

	switch (member->kind) {
	case MEMBER_ID:
		text_add(text, from, UUID_SIZE);
		break;
	case MEMBER_4:
		put_number(text, *(const uint32_t *)from, 4);
		break;
	case MEMBER_8:
		put_number(text, *(const uint64_t *)from, 8);
		break;
	case MEMBER_BYTES:
		put_bytes(text, from, member->max);
		break;
	}
}

void record_write(struct text *text, uint64_t place, const struct record *record)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	struct text payload = { 0 };

	assert(record->code.length <= RECORD_CODE_MAX);
	put_number(&payload, record->type, 1);
	for (const struct member *m = members; m < members + MEMBERS; m++)
		if ((m->types & ON(record->type)) != 0)
			put_member(&payload, m, record);
	digest_of(place, payload.data, payload.length, digest);
	text_add(text, MAGIC, MAGIC_SIZE);
	put_number(text, payload.length, 4);
	text_add(text, (const char *)digest, DIGEST_SIZE);
	text_add(text, payload.data, payload.length);
	text_done(&payload);
}

/* The bytes left of a payload. */
struct rest {
	const char *data;
	size_t length;
};

/* The next `size` bytes of the rest, or NULL. */
static const char *take(struct rest *rest, size_t size)
{
	const char *taken = rest->data;

	if (rest->length < size)
		return NULL;
	rest->data += size;
	rest->length -= size;
	return taken;
}

static bool take_bytes(struct rest *rest, size_t max, struct bytes *ret_bytes)
{
	const char *size = take(rest, 2);

	if (size == NULL || get_number(size, 2) > max)
		return false;
	ret_bytes->length = get_number(size, 2);
	ret_bytes->data = take(rest, ret_bytes->length);
	return ret_bytes->data != NULL;
}

static bool take_member(struct rest *rest, const struct member *member, struct record *record)
{
	static const size_t sizes[] = { [MEMBER_ID] = UUID_SIZE, [MEMBER_4] = 4, [MEMBER_8] = 8 };
	void *to = (char *)record + member->offset;
	const char *from;

	if (member->kind == MEMBER_BYTES)
		return take_bytes(rest, member->max, to);
	from = take(rest, sizes[member->kind]);
	if (from == NULL)
		return false;
	if (member->kind == MEMBER_ID)
		memcpy(to, from, UUID_SIZE);
	else if (member->kind == MEMBER_4)
		*(uint32_t *)to = (uint32_t)get_number(from, 4);
	else
		*(uint64_t *)to = get_number(from, 8);
	return true;
}

static bool read_payload(struct rest rest, struct record *ret_record)
{
	const char *type = take(&rest, 1);

	if (type == NULL || *type < RECORD_STATE || *type > RECORD_VOID)
		return false;
	*ret_record = (struct record){ .type = (enum record_type) * type };
	for (const struct member *m = members; m < members + MEMBERS; m++)
		if ((m->types & ON(ret_record->type)) != 0 && !take_member(&rest, m, ret_record))
			return false;
	return rest.length == 0;
}

/* The size of the good record at the beginning, which is `place`, or 0. */
static size_t read_at(const char *head, size_t length, uint64_t place, struct record *ret_record)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	size_t size;

	if (length < RECORD_HEAD || memcmp(head, MAGIC, MAGIC_SIZE) != 0)
		return 0;
	size = get_number(head + MAGIC_SIZE, 4);
	if (size > RECORD_PAYLOAD_MAX || size > length - RECORD_HEAD)
		return 0;
	digest_of(place, head + RECORD_HEAD, size, digest);
	if (memcmp(head + MAGIC_SIZE + 4, digest, DIGEST_SIZE) != 0 ||
	    !read_payload((struct rest){ head + RECORD_HEAD, size }, ret_record))
		return 0;
	return RECORD_HEAD + size;
}

bool record_next(const char *data, size_t length, uint64_t base, size_t *at,
		 struct record *ret_record, size_t *ret_skipped)
{
	size_t place = *at;

	while (place < length) {
		size_t size = read_at(data + place, length - place, base + place, ret_record);
		const char *found;

		if (size != 0) {
			*ret_skipped = place - *at;
			*at = place + size;
			return true;
		}
		found = memmem(data + place + 1, length - place - 1, MAGIC, MAGIC_SIZE);
		place = found != NULL ? (size_t)(found - data) : length;
	}
	*ret_skipped = length - *at;
	*at = length;
	return false;
}
