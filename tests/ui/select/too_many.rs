//! One branch more than there may be.

async fn sixty_five() {
    runtime::select! {
        1 = std::future::ready(1) => {}
        2 = std::future::ready(2) => {}
        3 = std::future::ready(3) => {}
        4 = std::future::ready(4) => {}
        5 = std::future::ready(5) => {}
        6 = std::future::ready(6) => {}
        7 = std::future::ready(7) => {}
        8 = std::future::ready(8) => {}
        9 = std::future::ready(9) => {}
        10 = std::future::ready(10) => {}
        11 = std::future::ready(11) => {}
        12 = std::future::ready(12) => {}
        13 = std::future::ready(13) => {}
        14 = std::future::ready(14) => {}
        15 = std::future::ready(15) => {}
        16 = std::future::ready(16) => {}
        17 = std::future::ready(17) => {}
        18 = std::future::ready(18) => {}
        19 = std::future::ready(19) => {}
        20 = std::future::ready(20) => {}
        21 = std::future::ready(21) => {}
        22 = std::future::ready(22) => {}
        23 = std::future::ready(23) => {}
        24 = std::future::ready(24) => {}
        25 = std::future::ready(25) => {}
        26 = std::future::ready(26) => {}
        27 = std::future::ready(27) => {}
        28 = std::future::ready(28) => {}
        29 = std::future::ready(29) => {}
        30 = std::future::ready(30) => {}
        31 = std::future::ready(31) => {}
        32 = std::future::ready(32) => {}
        33 = std::future::ready(33) => {}
        34 = std::future::ready(34) => {}
        35 = std::future::ready(35) => {}
        36 = std::future::ready(36) => {}
        37 = std::future::ready(37) => {}
        38 = std::future::ready(38) => {}
        39 = std::future::ready(39) => {}
        40 = std::future::ready(40) => {}
        41 = std::future::ready(41) => {}
        42 = std::future::ready(42) => {}
        43 = std::future::ready(43) => {}
        44 = std::future::ready(44) => {}
        45 = std::future::ready(45) => {}
        46 = std::future::ready(46) => {}
        47 = std::future::ready(47) => {}
        48 = std::future::ready(48) => {}
        49 = std::future::ready(49) => {}
        50 = std::future::ready(50) => {}
        51 = std::future::ready(51) => {}
        52 = std::future::ready(52) => {}
        53 = std::future::ready(53) => {}
        54 = std::future::ready(54) => {}
        55 = std::future::ready(55) => {}
        56 = std::future::ready(56) => {}
        57 = std::future::ready(57) => {}
        58 = std::future::ready(58) => {}
        59 = std::future::ready(59) => {}
        60 = std::future::ready(60) => {}
        61 = std::future::ready(61) => {}
        62 = std::future::ready(62) => {}
        63 = std::future::ready(63) => {}
        64 = std::future::ready(64) => {}
        65 = std::future::ready(65) => {}
    }
}

fn main() {}
