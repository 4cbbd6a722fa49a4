#pragma once

#include <atomic>

namespace leat::http {

/// How far the latest transfers to a host have come while they run, for those who have to know it before they
/// end. Written on the threads of the transfers, read on any.
struct TransferProgress {
  std::atomic<bool> connected = false;  // one of them is
  std::atomic<int> status = 0;          // of the head that came last; 0 if none came
};

}  // namespace leat::http
