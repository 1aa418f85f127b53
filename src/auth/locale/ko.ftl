# 로그인, 로그아웃, 비밀번호. 장고의 용어를 따른다.

auth-username = 사용자 이름
auth-email = 이메일 주소
auth-password = 비밀번호
auth-password-again = 비밀번호 확인
auth-password-again-help = 확인을 위해 이전과 동일한 비밀번호를 입력하세요.
auth-old-password = 기존 비밀번호
auth-new-password = 새 비밀번호
auth-new-password-again = 새 비밀번호 (확인)
auth-username-help = 150자 이하 문자, 숫자 그리고 @/./+/-/_만 가능합니다.
auth-email-help = 입력하지 않아도 됩니다.
auth-password-help-similar = 다른 개인 정보와 유사한 비밀번호는 사용할 수 없습니다.
auth-password-help-short = 비밀번호는 최소 8자 이상이어야 합니다.
auth-password-help-common = 통상적으로 자주 사용되는 비밀번호는 사용할 수 없습니다.
auth-password-help-numeric = 숫자로만 이루어진 비밀번호는 사용할 수 없습니다.

auth-title-error = 오류:
auth-correct-errors = { $count ->
    [1] 아래의 오류를 수정하기 바랍니다.
   *[other] 아래의 오류들을 수정하기 바랍니다.
}
auth-error-required = 필수 항목입니다.
auth-error-null = null 문자는 사용할 수 없습니다.
auth-error-too-long = 최대 { $most }자까지 입력할 수 있습니다(지금 { $length }자).
auth-error-username = 유효한 사용자 이름을 입력하세요. 이곳에는 문자, 숫자, @/./+/-/_만 가능합니다.
auth-error-username-taken = 해당 사용자 이름은 이미 존재합니다.
auth-error-email = 올바른 이메일 주소를 입력하세요.
auth-error-mismatch = 비밀번호가 일치하지 않습니다.
auth-error-similar = 비밀번호가 { $attribute }과(와) 너무 유사합니다.
auth-error-short = 이 비밀번호는 너무 짧습니다. 최소 { $least }자 이상이어야 합니다.
auth-error-common = 너무 흔히 사용되는 비밀번호입니다.
auth-error-numeric = 비밀번호가 전부 숫자로 되어 있습니다.
auth-error-old-password = 기존 비밀번호를 잘못 입력하셨습니다. 다시 입력해 주세요.

# 위 문장에서 부르는 이름.
auth-attribute-username = 사용자 이름
auth-attribute-first-name = 이름
auth-attribute-last-name = 성
auth-attribute-email = 이메일 주소

auth-log-in = 로그인
auth-login-wrong = 관리자 계정의 사용자 이름과 비밀번호를 입력해주세요. 대소문자를 구분해서 입력해주세요.
auth-login-too-many = 로그인에 여러 번 실패했습니다. 몇 분 뒤에 다시 시도해 주세요.
auth-unauthorised = { $username }(으)로 인증되어 있지만, 이 페이지에 접근 가능한 권한이 없습니다. 다른 계정으로 로그인하시겠습니까?

auth-logged-out = 로그아웃
auth-thanks = 사이트를 이용해 주셔서 고맙습니다.
auth-log-in-again = 다시 로그인하기

auth-password-change = 비밀번호 변경
auth-password-change-about = 보안을 위해 기존 비밀번호를 입력한 다음, 새 비밀번호를 정확히 입력했는지 확인할 수 있도록 두 번 입력해 주세요.
auth-change-my-password = 비밀번호 변경
auth-password-change-done = 비밀번호 변경 완료
auth-password-changed = 비밀번호를 변경하였습니다. 다른 곳에서는 모두 로그아웃되었습니다.
auth-end-others-about = 다른 기기에 로그인한 채로 남아 있다면 여기에서 로그아웃할 수 있습니다.
auth-end-others = 다른 곳에서 모두 로그아웃
auth-others-ended = 다른 곳에서 모두 로그아웃했습니다.
auth-own-password = 자신의 비밀번호는 여기에서 기존 비밀번호를 입력하여 변경합니다.

auth-setup = 첫 관리자 만들기
auth-setup-about = 아직 사용자가 없습니다. 여기에 입력하는 사람은 모든 권한을 갖습니다.
auth-setup-make = 관리자 만들기

# 관리자 사이트의 사용자, 그룹, 로그.
auth-app = 인증 및 권한
auth-user = 사용자
auth-user-plural = 사용자
auth-group = 그룹
auth-group-plural = 그룹
auth-user-group-plural = 사용자-그룹 관계
auth-user-permission-plural = 사용자-권한 관계
auth-group-permission-plural = 그룹-권한 관계
auth-group-name = 이름
auth-group-permissions-help = 이 그룹의 사용자에게 주는 권한.
auth-error-group-taken = 이 이름의 그룹이 이미 있습니다.

auth-personal-info = 개인정보
auth-permissions = 권한
auth-important-dates = 중요한 일정
auth-first-name = 이름
auth-last-name = 성
auth-is-active = 활성
auth-is-active-help = 이 사용자가 활성화되어 있는지를 나타냅니다. 계정을 삭제하는 대신 이것을 선택 해제하세요.
auth-is-staff = 스태프 권한
auth-is-staff-help = 사용자가 관리사이트에 로그인이 가능한지를 나타냅니다.
auth-is-superuser = 최상위 사용자 권한
auth-is-superuser-help = 해당 사용자에게 모든 권한을 허가합니다.
auth-groups = 그룹
auth-groups-help = 이 사용자가 속한 그룹. 사용자는 그룹에 부여된 모든 권한을 물려 받습니다.
auth-user-permissions = 사용자 권한
auth-user-permissions-help = 이 사용자를 위한 특정 권한.
auth-last-login = 마지막 로그인
auth-date-joined = 등록일

auth-set-password = 비밀번호 설정
auth-reset-password = 비밀번호 초기화
auth-change-password = 비밀번호 변경
auth-enable-password = 비밀번호 기반 인증 활성화
auth-disable-password = 비밀번호 기반 인증 비활성화
auth-title-change-password = 비밀번호 변경: { $object }
auth-title-set-password = 비밀번호 설정: { $object }
auth-set-password-about = { $username } 사용자의 새 비밀번호를 입력하세요. 이 사용자는 로그인한 모든 곳에서 로그아웃됩니다.
auth-set-password-enables = 이 작업은 이 사용자에 대해 비밀번호 기반 인증을 활성화합니다.
auth-unusable-warning = 비밀번호 기반 인증을 비활성화하면 이 사용자의 현재 비밀번호가 사라집니다.
auth-password-set = 비밀번호가 변경되었습니다.
auth-password-disabled = 비밀번호 기반 인증이 비활성화 되었습니다.
auth-conflicting-form = 제출된 양식 데이터가 충돌합니다. 다시 시도해 보세요.
auth-password-raw-help = 원시 비밀번호는 저장되지 않으므로, 사용자의 비밀번호를 확인할 수 있는 방법이 없습니다.
auth-password-help =
    • { auth-password-help-similar }
    • { auth-password-help-short }
    • { auth-password-help-common }
    • { auth-password-help-numeric }
auth-usable-password = 비밀번호 기반 인증
auth-usable-password-help = 사용자가 비밀번호를 사용하여 인증할 수 있는지 여부입니다.
auth-enabled = 활성화
auth-disabled = 비활성화

auth-refused-superuser = 최상위 사용자는 최상위 사용자만 변경하거나 삭제할 수 있습니다.
auth-refused-more = 이 사용자의 권한을 모두 가진 사람만 이 사용자를 변경하거나 삭제할 수 있습니다.
auth-refused-make-superuser = 최상위 사용자 권한은 최상위 사용자만 줄 수 있습니다.
auth-refused-permissions-of-group = 자신이 가진 권한만 주거나 거둘 수 있습니다.
auth-refused-permissions = 자신이 가진 권한만 줄 수 있습니다.
auth-refused-groups = 자신이 모든 권한을 가진 그룹에만 사용자를 추가할 수 있습니다.
auth-refused-self = 자신의 계정은 삭제할 수 없습니다. 다른 관리자에게 삭제를 요청해 주세요.
auth-deleted-users = 삭제된 사용자
auth-refused-last = 스태프 권한이 있는 마지막 활성 최상위 사용자입니다. 이 사용자가 없으면 아무도 사이트를 관리할 수 없습니다. 먼저 다른 사용자에게 최상위 사용자 권한을 주세요.

auth-permission = 권한
auth-permission-add = { $name } 추가 가능
auth-permission-change = { $name } 변경 가능
auth-permission-delete = { $name } 삭제 가능
auth-permission-view = { $name } 조회 가능
auth-content-types-app = 콘텐츠 타입
auth-content-type = 콘텐츠 타입
auth-sessions-app = 세션
auth-session = 세션

auth-log-app = 관리
auth-log-entry = 로그
auth-log-entry-plural = 로그
auth-log-time = 시각
auth-log-user = 사용자
auth-log-content-type = 콘텐츠 타입
auth-log-object-id = 대상 아이디
auth-log-object = 대상
auth-log-flag = 종류
auth-log-message = 변경 메시지
auth-log-addition = 추가
auth-log-change = 변경
auth-log-deletion = 삭제
auth-log-type = { $app } | { $model }

# 공개 사이트의 사용자 페이지.
auth-account-login-wrong = 올바른 사용자 이름과 비밀번호를 입력해 주세요. 두 항목 모두 대소문자를 구분할 수 있습니다.
auth-account-logged-out = 로그아웃했습니다. 이미 하신 투표는 그대로 집계됩니다.
auth-account-home = 홈으로
auth-logged-in-as = 로그인한 사용자:
auth-change-password-link = 비밀번호 변경
auth-log-out = 로그아웃

# 메일을 통한 비밀번호 재설정.
auth-forgotten = 로그인 정보를 잊으셨나요?
auth-reset = 비밀번호 재설정
auth-reset-about = 비밀번호를 잊으셨나요? 이메일 주소를 입력하시면 새 비밀번호를 설정하는 방법을 메일로 보내 드립니다.
auth-reset-ask = 비밀번호 재설정
auth-reset-too-many = 이곳에서 너무 많이 요청했습니다. 몇 분 뒤에 다시 시도해 주세요.
auth-reset-sent = 비밀번호 재설정 메일 발송
auth-reset-sent-about = 입력하신 이메일 주소로 등록된 계정이 있다면 비밀번호를 설정하는 방법을 메일로 보내 드렸습니다. 곧 받으실 수 있습니다.
auth-reset-sent-else = 메일이 오지 않으면 등록한 주소를 정확히 입력하셨는지 확인하고, 스팸 메일함도 확인해 주세요.
auth-reset-enter = 새 비밀번호 입력
auth-reset-enter-about = { $username } 계정의 새 비밀번호를 정확히 입력했는지 확인할 수 있도록 두 번 입력해 주세요. 이 계정은 로그인한 모든 곳에서 로그아웃됩니다.
auth-reset-failed = 비밀번호를 재설정하지 못했습니다
auth-reset-invalid = 비밀번호 재설정 링크가 올바르지 않습니다. 이미 사용했거나, 너무 오래되었거나, 메일에서 링크가 잘렸을 수 있습니다. 비밀번호 재설정을 다시 요청해 주세요.
auth-reset-again = 새 링크 요청
auth-reset-complete = 비밀번호 재설정 완료
auth-reset-complete-about = 비밀번호를 설정했습니다. 이제 로그인하실 수 있습니다. 다른 곳에서는 모두 로그아웃되었습니다.

# 메일 본문. 메일 프로그램이 링크를 온전히 찾을 수 있도록 링크는 한 줄에 따로 둔다.
auth-reset-mail-subject = { $site } 비밀번호 재설정
auth-reset-mail-body =
    { $site } 사이트에서 회원님 계정의 비밀번호를 재설정해 달라는 요청이 있어 이 메일을 보내 드립니다.

    다음 페이지에서 새 비밀번호를 설정해 주세요.

    { $link }

    잊으셨을 경우를 위한 사용자 이름: { $username }

    이 링크는 { $hours }시간 안에 한 번만 사용할 수 있습니다.
    직접 요청하지 않으셨다면 아무것도 하지 않으셔도 됩니다. 비밀번호는 그대로 유지됩니다.
auth-changed-mail-subject = { $site } 비밀번호가 변경되었습니다
auth-changed-mail-body =
    { $site } 사이트의 { $username } 계정 비밀번호가 방금 변경되었습니다. 이 주소로 보낸 링크를 통해 변경했으며, 이 계정은 로그인한 모든 곳에서 로그아웃되었습니다.

    직접 변경하지 않으셨다면 다른 사람이 회원님의 메일을 읽을 수 있는 상태입니다. 먼저 메일함을 안전하게 한 다음, 다른 비밀번호를 설정해 주세요.

    { $link }
# API 토큰.
auth-tokens = API 토큰
auth-tokens-about = 토큰이 있으면 프로그램이 사용자를 대신하여 이 사이트의 API를 사용할 수 있습니다. 토큰의 권한은 사용자의 권한과 같습니다. 토큰을 가진 사람은 누구나 이 권한을 쓸 수 있으므로 프로그램마다 토큰을 따로 만들고, 더는 필요하지 않으면 폐기해 주세요. 비밀번호를 바꾸어도 토큰은 폐기되지 않습니다.
auth-tokens-none = 아직 토큰이 없습니다.
auth-token-name = 이름
auth-token-name-help = 나중에 알아볼 수 있도록 토큰의 용도를 적어 주세요.
auth-token-begins = 앞부분
auth-token-scope = 권한
auth-token-scope-read = 읽기
auth-token-scope-write = 읽기와 쓰기
auth-token-created = 만든 날짜
auth-token-expires = 만료
auth-token-never = 만료되지 않음
auth-token-days = { $count }일 뒤
auth-token-last-used = 마지막 사용
auth-token-unused = 사용한 적 없음
auth-token-state = 상태
auth-token-usable = 사용 가능
auth-token-revoked = 폐기됨
auth-token-expired = 만료됨
auth-token-revoke = 폐기하기
auth-token-was-revoked = 토큰을 폐기했습니다.
auth-token-make = 토큰 만들기
auth-token-made = 새 토큰입니다. 지금 한 번만 표시되므로 바로 복사해 두세요.
auth-token-made-before = 이 토큰은 이미 만들어졌으며, 만들 때 한 번 표시되었습니다. 복사하지 못했다면 폐기하고 새로 만들어 주세요.
auth-token-too-many = 토큰이 너무 많습니다. 먼저 다른 토큰을 폐기해 주세요.
auth-token-error-name = 이름을 { $count }자 이내로 입력해 주세요.

# Own sessions
auth-sessions = 로그인한 기기
auth-sessions-about = 모르는 기기가 있으면 로그아웃하고 비밀번호를 바꾸시기 바랍니다.
auth-session-device = { $system }의 { $browser }
auth-session-unknown = 알 수 없는 브라우저
auth-session-this = 지금 이 기기
auth-session-began = 로그인
auth-session-seen = 최근 사용(대략)
auth-session-end = 이 기기에서 로그아웃
auth-session-ended = 해당 기기에서 로그아웃했습니다.

# The second factor
auth-second-factor = 2단계 인증
auth-second-factor-about = 2단계 인증을 켜면 로그인할 때 비밀번호와 함께 휴대전화 앱의 인증 코드를 입력합니다. 시간 기반 코드(TOTP)를 지원하는 앱이면 됩니다.
auth-second-factor-required = 이 사이트에서는 회원님의 계정에 2단계 인증이 필요합니다.
auth-second-factor-begin = 설정하기
auth-second-factor-scan = 앱으로 이 그림을 스캔한 다음 앱에 표시된 코드를 입력하십시오.
auth-second-factor-qr = 앱에 등록할 비밀 키가 담긴 QR 코드
auth-second-factor-type = 또는 이 비밀 키를 앱에 직접 입력하십시오:
auth-second-factor-confirm = 켜기
auth-second-factor-since = 사용 시작
auth-second-factor-off = 끄기
auth-recovery-codes = 복구 코드
auth-recovery-codes-about = 휴대전화가 없을 때 코드 하나로 한 번 로그인할 수 있습니다. 다시 표시되지 않으므로 지금 인쇄하거나 적어 두십시오. 이전 복구 코드는 더 이상 사용할 수 없습니다.
auth-recovery-codes-make = 복구 코드 새로 만들기
auth-recovery-codes-left = 복구 코드가 { $count }개 남아 있습니다.
auth-code = 인증 코드
auth-code-help = 앱에 표시된 숫자 여섯 자리 또는 복구 코드를 입력하십시오.
auth-code-of-app = 30초마다 바뀌는 숫자 여섯 자리입니다.
auth-code-wrong = 코드가 올바르지 않거나 이미 사용되었습니다. 앱은 30초마다 새 코드를 표시합니다.
auth-code-other = 다른 계정으로 로그인
auth-old-password-wrong = 비밀번호가 올바르지 않습니다.
