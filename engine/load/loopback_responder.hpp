#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "engine/error.hpp"

namespace leat::load {

/// The smallest possible server: it answers every request without a body by the same 200 and two bytes, on
/// loopback, from a thread of its own.
///
/// A benchmark of it measures the client and the kernel. A request ends at its empty line, and requests may
/// be pipelined. The destructor closes all connections.
class LoopbackResponder {
 public:
  [[nodiscard]] static Result<std::unique_ptr<LoopbackResponder>> start();

  LoopbackResponder(const LoopbackResponder&) = delete;
  LoopbackResponder& operator=(const LoopbackResponder&) = delete;
  ~LoopbackResponder();

  /// "http://127.0.0.1:PORT/".
  [[nodiscard]] std::string url() const;

 private:
  /// It is closed when this is destroyed.
  class Descriptor {
   public:
    explicit Descriptor(int fd = -1) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor();
    [[nodiscard]] int get() const noexcept { return fd_; }

   private:
    int fd_;
  };

  LoopbackResponder(Descriptor listener, Descriptor poller, Descriptor stop, std::uint16_t port);
  void work();

  Descriptor listener_;
  Descriptor poller_;
  Descriptor stop_;
  std::uint16_t port_;
  std::thread thread_;
};

}  // namespace leat::load
