#include "pipelines/flow/channel.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;
using namespace leat::pipelines;

namespace {

Task<void> send_all(Sender<int> out, int count, std::vector<bool>& sent) {
  for (int i = 0; i < count; ++i) sent.push_back(co_await out.send(i));
}

Task<void> receive_all(Receiver<int> in, std::vector<int>& got) {
  while (auto item = co_await in.next()) got.push_back(*item);
}

Task<void> two_senders(std::vector<int>& got, std::vector<bool>& sent) {
  auto [out, in] = make_channel<int>(2);
  Sender<int> second = out;
  auto receiver = spawn(receive_all(std::move(in), got));
  co_await spawn(send_all(std::move(out), 5, sent));
  auto waiting = turns(3);
  co_await std::move(waiting);
  CHECK_FALSE(receiver.done());
  co_await spawn(send_all(std::move(second), 1, sent));
  co_await receiver;
}

Task<void> dropped_receiver(std::vector<bool>& sent) {
  auto [out, in] = make_channel<int>(2);
  auto sender = spawn(send_all(std::move(out), 5, sent));
  auto waiting = turns(3);
  co_await std::move(waiting);
  CHECK(sent.size() == 2);
  in = Receiver<int>();
  co_await sender;
}

}  // namespace

TEST_CASE("Channel: the stream ends when the last sender is gone") {
  ManualLoop t;
  std::vector<int> got;
  std::vector<bool> sent;
  t.run(two_senders(got, sent));
  CHECK(got == std::vector<int>{0, 1, 2, 3, 4, 0});
}

TEST_CASE("Channel: a dropped receiver ends its senders, also those that wait") {
  ManualLoop t;
  std::vector<bool> sent;
  t.run(dropped_receiver(sent));
  CHECK(sent == std::vector<bool>{true, true, false, false, false});
}

TEST_CASE("Channel: the records that a dropped receiver leaves are destroyed at once") {
  auto item = std::make_shared<int>(1);
  auto [out, in] = make_channel<std::shared_ptr<int>>(2);
  auto copy = item;
  CHECK(out.try_send(copy));
  CHECK(item.use_count() == 2);
  in = Receiver<std::shared_ptr<int>>();
  CHECK(item.use_count() == 1);
  CHECK(out.closed());
  CHECK_FALSE(out.try_send(item));
  CHECK(item != nullptr);
}
