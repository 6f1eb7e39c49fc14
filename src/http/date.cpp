#include "http/date.hpp"

#include <algorithm>
#include <cstdio>

namespace hupd::http1 {

std::string_view DateCache::at(std::time_t now) {
  if (now != made_for_) {
    // Names by hand: strftime's depend on the locale, which is the application's to set.
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 80> room{};
    std::snprintf(room.data(), room.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900,
                  utc.tm_hour, utc.tm_min, utc.tm_sec);
    std::copy_n(room.begin(), text_.size() - 1, text_.begin());
    made_for_ = now;
  }
  return {text_.data(), text_.size() - 1};
}

}  // namespace hupd::http1
