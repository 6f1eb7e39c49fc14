// The tests' program is also its own zygote: Processes executes /proc/self/exe, as the master does.
#include <string_view>

#include <gmock/gmock.h>
#include <unistd.h>

#include "zygote/zygote.hpp"

int main(int argc, char** argv) {
  if (std::string_view(argv[0]) == hupd::zygote::program_name) {
    ::_exit(hupd::zygote::run(argc, argv));  // what it leaves to its end is no leak
  }
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
