#pragma once

#include <chrono>
#include <thread>

namespace leat::tests {

/// Looks again every few milliseconds until `is_so()` is true, for 30 seconds at most; says whether it was.
/// For what another process does, which tells nobody when it is done.
template <class Fn>
bool eventually(Fn is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < end) {
    if (is_so()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace leat::tests
