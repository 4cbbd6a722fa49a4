#pragma once

namespace leat::io {

/// Gives back the memory that only this process's start needed: pages of programs and libraries that nobody
/// has written to. What is used again comes back from the page cache, a fault a piece.
///
/// The loader's relocations and the initializing of OpenSSL and its like touch some 12 MB of code, of which
/// transfers go on to use 3. Costs as much as a few hundred page faults, so it is for those who have many
/// transfers before them, and best called before they take memory of their own: the peak is what counts.
///
/// Does nothing under a debugger, whose breakpoints are private copies of such pages. Any thread.
void give_back_start_pages() noexcept;

}  // namespace leat::io
