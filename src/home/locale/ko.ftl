home-title = 환영합니다
home-lead = 무엇을 하시겠어요?
home-polls = 설문조사
home-polls-about = 질문에 답하고, 다른 사람들은 어떻게 답했는지 확인해 보세요.
home-bookmark = 북마크
home-bookmark-about = 다시 찾아볼 만한 링크를 모았습니다.
home-admin = 사이트 관리
home-admin-about = 질문을 작성하고 사이트를 관리합니다. 관리자 전용입니다.
