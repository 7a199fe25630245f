/* The limits and the filter that a boxed process puts around itself. */
#include "commands/html/box_walls.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#if BOX_SANITIZED /* of clang's <sanitizer/allocator_interface.h>, which gcc does not have */
size_t __sanitizer_get_current_allocated_bytes(void);
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
    void (*on_free)(const volatile void *));
#endif

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#if defined FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION /* a fuzzer has many bombs to try */
#define CPU_SECONDS(n) 1
#else
#define CPU_SECONDS(n) ((n) * (BOX_SANITIZED ? 5 : 1))
#endif
enum { OWN_DATA = 32 << 20 }; /* what the program itself has, some 3 MB, with room for a larger one */

void
box_out_of_memory(void)
{
	_exit(BOX_NO_MEMORY);
}

/* ---- limits ---- */

/* Never above what this process may have anyway. */
static bool
set_limit(enum __rlimit_resource resource, rlim_t soft, rlim_t hard)
{
	struct rlimit l;

	if (getrlimit(resource, &l) != 0)
		return false;
	if (l.rlim_max == RLIM_INFINITY || l.rlim_max > hard)
		l.rlim_max = hard;
	l.rlim_cur = soft < l.rlim_max ? soft : l.rlim_max;
	return setrlimit(resource, &l) == 0;
}

#if BOX_SANITIZED
static size_t memory_limit;

static void
on_allocation(const volatile void *p, size_t n)
{
	(void)p;
	(void)n;
	if (__sanitizer_get_current_allocated_bytes() > memory_limit)
		_exit(BOX_NO_MEMORY);
}

static void
on_release(const volatile void *p)
{
	(void)p;
}

static bool
limit_memory(size_t bytes)
{
	memory_limit = __sanitizer_get_current_allocated_bytes() + bytes;
	return __sanitizer_install_malloc_and_free_hooks(on_allocation, on_release) != 0;
}
#else
/* RLIMIT_AS would count the libraries and the shared memory as well. */
static bool
limit_memory(size_t bytes)
{
	return set_limit(RLIMIT_DATA, OWN_DATA + bytes, OWN_DATA + bytes);
}
#endif

static bool
set_limits(const struct box *box)
{
	rlim_t seconds = CPU_SECONDS(box->seconds);

	return set_limit(RLIMIT_CPU, seconds, seconds + 1) && set_limit(RLIMIT_STACK, BOX_STACK, BOX_STACK) &&
	    set_limit(RLIMIT_CORE, 0, 0) && set_limit(RLIMIT_FSIZE, 0, 0) && set_limit(RLIMIT_NPROC, 0, 0) &&
	    (BOX_SANITIZED || set_limit(RLIMIT_NOFILE, 0, 0)) && limit_memory(box->memory);
}

/* ---- the filter ---- */

#if defined ARCHITECTURE && !BOX_SANITIZED
#define FIELD(name) offsetof(struct seccomp_data, name)
#define LOW_WORD(argument) (offsetof(struct seccomp_data, args) + 8 * (argument)) /* both are little-endian */
#define LOAD(at) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at))
#define END(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define WHEN_NOT(value, action) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 1, 0), END(action)
#define WHEN(value, action) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1), END(action)
#define WHEN_BIT(bits, action) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, 1), END(action)

/* Memory of its own that is no code, and the end. */
static bool
set_filter(void)
{
	struct sock_filter steps[] = { LOAD(FIELD(arch)), WHEN_NOT(ARCHITECTURE, SECCOMP_RET_KILL_PROCESS),
		LOAD(FIELD(nr)), WHEN(SYS_brk, SECCOMP_RET_ALLOW), WHEN(SYS_munmap, SECCOMP_RET_ALLOW),
		WHEN(SYS_mremap, SECCOMP_RET_ALLOW), WHEN(SYS_madvise, SECCOMP_RET_ALLOW),
		WHEN(SYS_exit_group, SECCOMP_RET_ALLOW), WHEN_NOT(SYS_mmap, SECCOMP_RET_KILL_PROCESS),
		LOAD(LOW_WORD(2)), WHEN_BIT(PROT_EXEC, SECCOMP_RET_KILL_PROCESS), LOAD(LOW_WORD(3)),
		WHEN_BIT(MAP_SHARED, SECCOMP_RET_KILL_PROCESS), WHEN_BIT(MAP_ANONYMOUS, SECCOMP_RET_ALLOW),
		END(SECCOMP_RET_KILL_PROCESS) };
	struct sock_fprog program = { sizeof steps / sizeof steps[0], steps };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool
box_has_filter(void)
{
	return true;
}
#else
static bool
set_filter(void)
{
	return true;
}

bool
box_has_filter(void)
{
	return false;
}
#endif

bool
box_close(const struct box *box)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && set_limits(box) && set_filter();
}
