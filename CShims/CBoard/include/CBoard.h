// What the board's system gives: sockets, clocks, the log sink, limits, the environment.
//
// Freestanding, so that Embedded Swift can read it. No policy, no allocation. A negative result is
// an error number of the system with its sign turned.
#pragma once
#include <stddef.h>
#include <stdint.h>

// MARK: Sockets. All are non-blocking, closed on exec, and raise no SIGPIPE.

// Listens for TCP on a numeric IPv4 or IPv6 address (`address` ends with NUL) and returns the
// descriptor. An IPv6 socket takes IPv6 only. An address that the machine does not have yet counts
// as soon as it comes.
int32_t cboard_listen(const char *_Nonnull address, uint16_t port, int32_t backlog);

// Whether the machine has the address now: 1 or 0.
int32_t cboard_has_address(const char *_Nonnull address);

// Writes the 4 or 16 bytes of a numeric IPv4 or IPv6 address and returns how many; 0 when the text
// is none.
int32_t cboard_read_address(const char *_Nonnull text, uint8_t *_Nonnull bytes);

// Writes "address:port" of a socket's own end, IPv6 in brackets, and returns its length without
// the NUL behind it. `capacity` 64 is enough.
int32_t cboard_local_address(int32_t fd, char *_Nonnull text, int32_t capacity);

// Accepts one connection, with TCP_NODELAY, and returns its descriptor.
int32_t cboard_accept(int32_t fd);

// Returns the number of bytes, 0 at the end of the stream.
int64_t cboard_receive(int32_t fd, void *_Nonnull bytes, size_t capacity);

// Sends `size` bytes, at least 1, and returns the number taken.
int64_t cboard_send(int32_t fd, const void *_Nonnull bytes, size_t size);

// Laid out like struct iovec.
typedef struct {
  void *_Nullable start;
  size_t length;
} cboard_part;

// Sends the parts in order with one system call and returns the number of bytes taken.
int64_t cboard_send_parts(int32_t fd, const cboard_part *_Nonnull parts, int32_t count);

// Ends the sending direction.
int32_t cboard_finish(int32_t fd);
void cboard_close(int32_t fd);

// Whether an error number only means "not now".
int32_t cboard_would_block(int64_t error);
// Whether an error number says that no descriptor is left.
int32_t cboard_out_of_descriptors(int64_t error);
// Whether an error number says that no memory is left.
int32_t cboard_out_of_memory(int64_t error);
// Whether an error number is the machine's, which is out of descriptors or cannot read a disk, and
// does not come of what was asked for.
int32_t cboard_may_pass(int64_t error);
// Whether the machine lacks the address family, IPv6 for one.
int32_t cboard_no_address_family(int64_t error);
// Whether an error number says that another socket has the address and port.
int32_t cboard_address_in_use(int64_t error);
// Whether an error number says that this user may not.
int32_t cboard_not_allowed(int64_t error);

// A descriptor that is good for nothing but to be given up when the last one is taken.
int32_t cboard_spare_descriptor(void);

// The network that a socket's peer is in: an IPv4 address, or the first 64 bits of an IPv6 one; 0
// when it is gone.
uint64_t cboard_peer_network(int32_t fd);

// MARK: Clocks, milliseconds.

uint64_t cboard_monotonic_clock(void);
// Since 1970 UTC.
uint64_t cboard_wall_clock(void);
// The monotonic one in microseconds.
uint64_t cboard_microseconds(void);
// Whether systemd-timesyncd has set the wall clock (systemd-timesyncd.service(8)).
int32_t cboard_is_clock_synchronized(void);

// MARK: The process.

// Opens nothing in place of those of the three standard streams that are closed: a socket of ours
// could get the number. A terminal is opened anew, so that lines for it never wait.
void cboard_secure_streams(void);

// Writes a line to standard error if that can be done without waiting, and returns how many earlier
// ones could not be, of which nothing was said yet.
uint64_t cboard_log(const void *_Nonnull bytes, size_t count);
// The same for the line that says so.
void cboard_log_loss(const void *_Nonnull bytes, size_t count);
// The same for a text that a person waits for, at a slow console: each part has a second.
void cboard_report(const void *_Nonnull bytes, size_t count);
// Writes all of it to standard output; negative when it could not.
int32_t cboard_print(const void *_Nonnull bytes, size_t count);

// "NAME=value" entries of the environment, NULL behind the last.
const char *_Nullable cboard_environment(uint32_t index);

// Whether standard error is systemd's journal (systemd.exec(5), JOURNAL_STREAM).
int32_t cboard_is_journaled(void);

// Waits until `fd` can be read, a signal comes, or the time is over.
void cboard_wait(int32_t fd, int32_t milliseconds);

// A reader of our output that goes away, or a file that may grow no further, ends the write and not
// the process.
void cboard_ignore_write_signals(void);

_Noreturn void cboard_exit(int32_t code);

// Lets the process have as many descriptors as the system allows it, and returns how many.
int64_t cboard_raise_descriptor_limit(void);

// Whether the system would let the process have so many bytes more: 1 or 0.
int32_t cboard_has_memory(size_t bytes);

// Bytes of the process that are resident in memory now.
int64_t cboard_resident_size(void);

// Lets go what only the start needed: free pages of the heap, and pages of the program and its
// libraries, which come back from their files when they are needed again.
void cboard_forget_start(void);

// A static text for an error number, with or without its sign turned.
const char *_Nonnull cboard_error_text(int32_t error);

// MARK: The service manager, systemd for one; what it says stands in the environment.

// A socket to tell it things (sd_notify(3)); negative when NOTIFY_SOCKET names nobody to tell.
int32_t cboard_notify_socket(void);
// Sends one message of lines; `waits`: for room for it, up to a second.
int32_t cboard_notify(int32_t fd, const void *_Nonnull bytes, size_t count, int32_t waits);
// Microseconds within which it wants a sign of life (sd_watchdog_enabled(3)); 0 when it wants none.
uint64_t cboard_watchdog_period(void);

// How many descriptors it passed to this process, from 3 on (sd_listen_fds(3)).
uint32_t cboard_passed_descriptors(void);
// Makes one of them a listener like ours; an error number when it is no listening TCP socket.
int32_t cboard_adopt_listener(int32_t fd);

// MARK: Files. Paths end with NUL.

// Reads a regular file, as much of it as fits, and returns the number of bytes.
int64_t cboard_read_file(const char *_Nonnull path, void *_Nonnull bytes, size_t capacity);

// Leaves no trace of bytes that nobody looks at any more.
void cboard_wipe(void *_Nonnull bytes, size_t count);

// Makes a file of these bytes that only its owner may read (mode 0600), or everybody (0644), whole
// and on the disk or not at all; EEXIST when the name is taken.
int32_t cboard_make_file(
    const char *_Nonnull path, const void *_Nonnull bytes, size_t count, int32_t is_public);

int32_t cboard_remove_file(const char *_Nonnull path);

// Makes the directory and those above it (mode 0700) that are missing.
int32_t cboard_make_directory(const char *_Nonnull path);

// Whether users other than owner and group may read the file: 1 or 0.
int32_t cboard_is_readable_by_others(const char *_Nonnull path);

// Whether an error number says that there is no such file.
int32_t cboard_no_such_file(int64_t error);
// Whether an error number says that the name is taken.
int32_t cboard_name_taken(int64_t error);
