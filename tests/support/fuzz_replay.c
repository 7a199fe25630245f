/*
 * Stands in for libFuzzer's main in the ordinary test run: feeds every file of the corpus folders
 * (or files) named on the command line to the target once, and says how many.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

static unsigned replayed;

/* What custom mutators call; nothing is mutated here. */
size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max)
{
	(void)data;
	(void)max;
	return size;
}

static int
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	size_t n;

	if (file == NULL || fstat(fileno(file), &st) != 0) {
		perror(path);
		return -1;
	}
	data = malloc((size_t)st.st_size + 1);
	n = data != NULL ? fread(data, 1, (size_t)st.st_size, file) : 0;
	fclose(file);
	/* shrunk to the exact size, so that AddressSanitizer sees a read one byte past the end */
	data = realloc(data, n > 0 ? n : 1);
	LLVMFuzzerTestOneInput(data, n);
	free(data);
	replayed++;
	return 0;
}

static int
replay_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	char file[4096];
	int bad = 0;

	if (folder == NULL) {
		perror(path);
		return -1;
	}
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
		bad |= replay_file(file);
	}
	closedir(folder);
	return bad;
}

int
main(int argc, char **argv)
{
	struct stat st;
	int bad = 0;

	for (int i = 1; i < argc; i++)
		bad |= stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode) ? replay_folder(argv[i]) : replay_file(argv[i]);
	printf("replayed %u inputs\n", replayed);
	return bad != 0 || replayed == 0;
}
