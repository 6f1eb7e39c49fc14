// What would change or end the test's own process happens in a forked child.
#pragma once

#include <functional>
#include <string>

namespace hupd::test {

// Runs `body` in a forked child and returns what it said: by custom nothing when all was well, else
// the fault. A child that ends in another way says "signal 9"; none lives longer than a minute.
std::string in_child(const std::function<std::string()>& body);

// For bodies: the first fault is the one to be told.
class Faults {
 public:
  void expect(bool held, const std::string& promise) {
    if (!held && first_.empty()) first_ = "broken: " + promise;
  }
  const std::string& first() const { return first_; }

 private:
  std::string first_;
};

}  // namespace hupd::test
