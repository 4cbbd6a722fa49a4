#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "engine/async/event.hpp"
#include "engine/async/queue.hpp"

namespace leat::pipelines {

template <class T>
class Sender;
template <class T>
class Receiver;

/// The two ends of a bounded queue between two stages.
template <class T>
struct Channel {
  explicit Channel(std::size_t capacity) noexcept : queue(capacity) {}
  async::Queue<T> queue;  // its `unfinished` counts all that was ever put
  async::Event unwanted;  // is set once nobody receives any more
  std::size_t senders = 0;
  std::uint64_t failures = 0;  // records that came with a failure that no channel had counted before
};

/// The end that items are put into. Copies share the channel; the stream ends when the last of them is gone.
/// Loop thread only.
template <class T>
class Sender {
 public:
  Sender() noexcept = default;
  explicit Sender(std::shared_ptr<Channel<T>> channel) noexcept : channel_(std::move(channel)) {
    ++channel_->senders;
  }
  Sender(const Sender& other) noexcept : channel_(other.channel_) {
    if (channel_) ++channel_->senders;
  }
  Sender(Sender&& other) noexcept = default;
  Sender& operator=(Sender other) noexcept {
    std::swap(channel_, other.channel_);
    return *this;
  }
  ~Sender() {
    if (channel_ && --channel_->senders == 0) channel_->queue.close();
  }

  /// `co_await out.send(item)`: awaits room. False if nobody receives any more; the item is dropped.
  [[nodiscard]] typename async::Queue<T>::Put send(T item) {
    count(item);
    return channel_->queue.put(std::move(item));
  }
  /// Gives false and leaves the item as it is if there is no room or nobody receives any more.
  bool try_send(T& item) {
    if (channel_->queue.full()) return false;
    count(item);
    return channel_->queue.try_put(std::move(item));
  }
  /// Whether nobody receives any more.
  [[nodiscard]] bool closed() const noexcept { return channel_->queue.closed(); }
  /// The channel, for who wants to look at it.
  [[nodiscard]] std::shared_ptr<Channel<T>> channel() const noexcept { return channel_; }

 private:
  void count(const T& item) {
    if constexpr (requires { item->take_failure(); }) {
      channel_->failures += static_cast<std::uint64_t>(item->take_failure());
    }
  }

  std::shared_ptr<Channel<T>> channel_;
};

/// The end that items are taken from. When it is gone, what is left is dropped and every `send` gives false;
/// so the end of a pipeline reaches its source. Loop thread only.
template <class T>
class Receiver {
 public:
  Receiver() noexcept = default;
  explicit Receiver(std::shared_ptr<Channel<T>> channel) noexcept : channel_(std::move(channel)) {}
  Receiver(Receiver&&) noexcept = default;
  Receiver& operator=(Receiver other) noexcept {
    std::swap(channel_, other.channel_);
    return *this;
  }
  ~Receiver() {
    if (!channel_) return;
    channel_->queue.close();
    channel_->unwanted.set();
    while (channel_->queue.try_get()) {
    }
  }

  /// `co_await in.next()`: an item, or nothing at the end of the stream.
  [[nodiscard]] typename async::Queue<T>::Get next() noexcept { return channel_->queue.get(); }
  /// Nothing if nothing is there now.
  [[nodiscard]] std::optional<T> try_next() { return channel_->queue.try_get(); }

 private:
  std::shared_ptr<Channel<T>> channel_;
};

template <class T>
[[nodiscard]] std::pair<Sender<T>, Receiver<T>> make_channel(std::size_t capacity) {
  auto channel = std::make_shared<Channel<T>>(capacity);
  Sender<T> sender(channel);
  return {std::move(sender), Receiver<T>(std::move(channel))};
}

}  // namespace leat::pipelines
